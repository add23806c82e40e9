import type { Json } from "../../json/json.ts";
import { BY_FORMAT } from "../stand-in.ts";
import { targetOf } from "./references.ts";
import { admits, branchesOf, listed, type Schema } from "./schema.ts";
import { textOfPattern } from "./text-of-pattern.ts";

/** Texts longer than this are not made up. */
const LONGEST = 10_000;
/** Unions and references within a leaf's schema are followed so deep. */
const DEEPEST = 8;
/** More branches are not tried. */
const MOST = 100;
const MOST_STEPS = 1000;

/**
 * What may stand for a masked string where schemas speak of it: the masked text where nothing speaks against it; else
 * something of the schemas' own making that says as little.
 *
 * @param schemas all of them must admit it
 * @returns undefined where nothing does
 */
export function standInFor(masked: string, schemas: readonly Schema[], root: Schema): string | undefined {
  const made = firstAlternatives(schemas, root).flatMap(standIns);
  return [masked, ...made].find((text) => schemas.every((schema) => admitsText(schema, text, root)));
}

/** A number that may stand for a masked one: 0, or the nearest to it that all schemas admit. */
export function numberFor(schemas: readonly Schema[], root: Schema): number | undefined {
  const made = firstAlternatives(schemas, root).flatMap(numbers);
  return [0, ...made].find((value) => schemas.every((schema) => admitsNumber(schema, value, root)));
}

/** What all of them say, as one. */
function joined(schemas: readonly Schema[]): Schema {
  const said = (keyword: string) =>
    schemas.map((schema) => schema[keyword]).filter((value) => typeof value === "number");
  const most = (keyword: string) => (said(keyword).length > 0 ? { [keyword]: Math.max(...said(keyword)) } : {});
  const least = (keyword: string) => (said(keyword).length > 0 ? { [keyword]: Math.min(...said(keyword)) } : {});
  return Object.assign(
    {},
    ...schemas,
    ...["minLength", "minimum", "exclusiveMinimum"].map(most),
    ...["maxLength", "maximum", "exclusiveMaximum"].map(least),
  ) as Schema;
}

/** A schema with each of its branches, one by one, and what it refers to. */
function* alternatives(schema: Schema, root: Schema, depth = 0): Generator<Schema> {
  if (depth > DEEPEST) return;
  const { anyOf: _, oneOf: __, allOf, $ref: ___, $dynamicRef: ____, ...own } = schema;
  const target = targetOf(root, schema);
  const must = [...(target === undefined ? [] : [target]), ...listed(allOf)];
  yield must.length === 0 ? own : joined([own, ...must]);
  for (const branch of [schema, ...must].flatMap(branchesOf))
    yield* alternatives(joined([own, branch]), root, depth + 1);
}

/** The first of them: a schema that refers to itself has no end. */
const firstAlternatives = (schemas: readonly Schema[], root: Schema): readonly Schema[] =>
  [joined(schemas), ...schemas].flatMap((schema) => [...alternatives(schema, root).take(MOST)]);

function standIns({ format, pattern, minLength, maxLength, enum: values, const: only }: Schema): readonly string[] {
  const least = typeof minLength === "number" ? minLength : 1;
  const most = typeof maxLength === "number" ? maxLength : Number.POSITIVE_INFINITY;
  const made = typeof pattern === "string" ? textOfPattern(pattern) : undefined;
  return [
    ...(Array.isArray(values) ? (values as readonly Json[]) : []),
    only,
    typeof format === "string" && Object.hasOwn(BY_FORMAT, format) ? BY_FORMAT[format] : undefined,
    made,
    least <= LONGEST ? "*".repeat(Math.max(least, Math.min(3, most))) : undefined,
  ].filter((text) => typeof text === "string");
}

const admitsText = (schema: Schema, text: string, root: Schema): boolean =>
  admitted(schema, root, (own) => admits(own, "string") && fits(text, own));

const admitsNumber = (schema: Schema, value: number, root: Schema): boolean =>
  admitted(schema, root, (own) => admits(own, "number") && isWithin(value, own));

/** Whether it is so of a schema, what it refers to, and one branch of each of its unions. */
function admitted(schema: Schema, root: Schema, says: (own: Schema) => boolean): boolean {
  let steps = 0;
  const again = (one: Schema): boolean => {
    steps += 1;
    if (steps > MOST_STEPS || !says(one)) return false;
    const target = targetOf(root, one);
    return (
      (target === undefined || again(target)) &&
      listed(one.allOf).every(again) &&
      [one.anyOf, one.oneOf].every(
        (union) => !Array.isArray(union) || union.includes(true) || listed(union).some(again),
      )
    );
  };
  return again(schema);
}

function fits(text: string, { format, pattern, minLength, maxLength, enum: values, const: only }: Schema): boolean {
  const length = Array.from(text).length;
  if (typeof minLength === "number" && length < minLength) return false;
  if (typeof maxLength === "number" && length > maxLength) return false;
  if (Array.isArray(values) && !(values as readonly Json[]).includes(text)) return false;
  if (only !== undefined && only !== text) return false;
  if (typeof format === "string" && Object.hasOwn(BY_FORMAT, format) && BY_FORMAT[format] !== text) return false;
  // What is one of the schema's own values fits its pattern if anything does.
  return typeof pattern !== "string" || textOfPattern(pattern) === text || Array.isArray(values) || only !== undefined;
}

function numbers(schema: Schema): readonly number[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, enum: values, const: only } = schema;
  const step = typeof multipleOf === "number" ? multipleOf : 1;
  return [
    ...(Array.isArray(values) ? (values as readonly Json[]) : []),
    only,
    typeof minimum === "number" ? Math.ceil(minimum / step) * step : undefined,
    typeof exclusiveMinimum === "number" ? (Math.floor(exclusiveMinimum / step) + 1) * step : undefined,
    typeof maximum === "number" ? Math.floor(maximum / step) * step : undefined,
    typeof exclusiveMaximum === "number" ? (Math.ceil(exclusiveMaximum / step) - 1) * step : undefined,
  ].filter((value) => typeof value === "number");
}

function isWithin(value: number, schema: Schema): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, enum: values, const: only } = schema;
  return (
    (typeof minimum !== "number" || value >= minimum) &&
    (typeof maximum !== "number" || value <= maximum) &&
    (typeof exclusiveMinimum !== "number" || value > exclusiveMinimum) &&
    (typeof exclusiveMaximum !== "number" || value < exclusiveMaximum) &&
    (!Array.isArray(values) || (values as readonly Json[]).includes(value)) &&
    (only === undefined || only === value)
  );
}
