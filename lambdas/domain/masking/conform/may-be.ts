import type { Json } from "../../json/json.ts";
import { targetOf } from "./references.ts";
import { admits, breadthOf, isSchema, listed, type Reading, type Schema } from "./schema.ts";
import { stepsOf } from "./steps.ts";

/** Stands in a value where something was masked. */
export const MASKED = Symbol("masked");
/** A value with its masked leaves marked. */
export type Shown = Json | typeof MASKED | readonly Shown[] | { readonly [name: string]: Shown };

/** Whether a schema may be what a value conforms to. */
export type MayBe = (schema: Json | undefined, value: Shown | undefined) => boolean;

/** A name with a mask in it. */
const MASKED_NAME = /\[[A-Z][A-Z0-9_]*\]/;
const DEEPEST = 256;
/** Keywords of which all is looked at. */
const WIDE = ["allOf", "anyOf", "oneOf", "enum", "required", "type"];

/** What tells the formats apart that are most often the branches of a union. */
const SIGN_OF_FORMAT: Readonly<Record<string, RegExp>> = {
  email: /@/,
  uri: /^[a-z][a-z0-9+.-]*:/i,
  url: /^[a-z][a-z0-9+.-]*:/i,
  "date-time": /^\d{4}-\d\d-\d\dT/i,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}-/i,
  ipv4: /^[0-9]{1,3}\.[0-9.]+$/,
  ipv6: /:/,
};

/**
 * Tells which branches of a union a value rules out: by types, constants, names and lengths. What was masked rules out
 * nothing, and no pattern is run. When the steps are spent everything may be.
 */
export function mayBeOf({ root, steps }: Reading): MayBe {
  const known = new WeakMap<object, Map<Schema, boolean>>();
  function mayBe(schema: Json | undefined, value: Shown | undefined, depth = 0): boolean {
    if (schema === false) return false;
    if (!steps.take() || !isSchema(schema) || value === undefined || depth > DEEPEST) return true;
    if (typeof value !== "object" || value === null) return judged(schema, value, depth);
    const of = known.get(value) ?? new Map<Schema, boolean>();
    known.set(value, of);
    const before = of.get(schema);
    if (before !== undefined) return before;
    // What it depends on while it is judged is itself.
    of.set(schema, true);
    const answer = judged(schema, value, depth);
    of.set(schema, answer);
    return answer;
  }

  function judged(schema: Schema, value: Shown, depth: number): boolean {
    const again = (other: Json | undefined, inner: Shown | undefined) => mayBe(other, inner, depth + 1);
    if (!steps.take(breadthOf(schema, WIDE) + sizeOf(value))) return true;
    if (value === MASKED) return admits(schema, "string") || admits(schema, "number");
    if (!admits(schema, kindOf(value)) || !isNamed(schema, value)) return false;
    if (typeof value === "string" && !isOfShape(schema, value)) return false;
    if (Array.isArray(value) && !itemsMayBe(schema, value, again)) return false;
    if (isObject(value) && !membersMayBe(schema, value, again)) return false;
    const { anyOf, oneOf, allOf } = schema;
    return (
      again(targetOf(root, schema), value) &&
      listed(allOf).every((branch) => again(branch, value)) &&
      [anyOf, oneOf].every((union) => !Array.isArray(union) || union.some((branch: Json) => again(branch, value)))
    );
  }

  return (schema, value) => mayBe(schema, value);
}

/** The steps of looking at a value, without what is in its members. */
const sizeOf = (value: Shown): number =>
  typeof value === "string" ? stepsOf(value) : isObject(value) ? Object.keys(value).length : 1;

const isObject = (value: Shown): value is { readonly [name: string]: Shown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kindOf = (value: Shown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value === "object" ? "object" : typeof value;

/** Whether a value is one of those that are named; containers are not compared. */
function isNamed({ const: only, enum: values }: Schema, value: Shown): boolean {
  const admitted = [...(only === undefined ? [] : [[only]]), ...(Array.isArray(values) ? [values as Json[]] : [])];
  const isContainer = (any: Shown) => typeof any === "object" && any !== null;
  return admitted.every((all) => all.some((one) => (isContainer(value) ? isContainer(one) : one === value)));
}

function isOfShape({ format, minLength, maxLength }: Schema, value: string): boolean {
  const sign = typeof format === "string" && Object.hasOwn(SIGN_OF_FORMAT, format) ? SIGN_OF_FORMAT[format] : undefined;
  if (sign?.test(value) === false) return false;
  if (minLength === undefined && maxLength === undefined) return true;
  const { length } = Array.from(value);
  return (
    !(typeof minLength === "number" && length < minLength) && !(typeof maxLength === "number" && length > maxLength)
  );
}

type Again = (schema: Json | undefined, value: Shown | undefined) => boolean;

function itemsMayBe({ prefixItems, items }: Schema, value: readonly Shown[], again: Again): boolean {
  const tuple = Array.isArray(prefixItems) ? (prefixItems as Json[]) : [];
  return value.every((item, at) => again(tuple[at] ?? (Array.isArray(items) ? items[at] : items), item));
}

function membersMayBe(schema: Schema, value: { readonly [name: string]: Shown }, again: Again): boolean {
  const { properties, patternProperties, additionalProperties, required } = schema;
  const names = Object.keys(value);
  const isMasked = names.some((name) => MASKED_NAME.test(name));
  const lacks = (name: Json) => typeof name === "string" && !Object.hasOwn(value, name);
  if (!isMasked && Array.isArray(required) && (required as Json[]).some(lacks)) return false;
  return names.every((name) => {
    if (isSchema(properties) && Object.hasOwn(properties, name)) return again(properties[name], value[name]);
    return isSchema(patternProperties) || MASKED_NAME.test(name) || again(additionalProperties, value[name]);
  });
}
