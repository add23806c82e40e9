import type { Json } from "../../json/json.ts";
import { isSchema, type Schema } from "./schemas-at.ts";
import { admits, numberFor, standInFor } from "./stand-in-of.ts";

/** A text with a mask in it. */
const MASK = "\\[[A-Z][A-Z0-9_]*\\]";
/** Longer than any mask, and no schema's own: what fits for it fits for any. */
const ANY_MASK = "[ANY_KIND_OF_SECRET_OR_PERSONAL_DATA_MASKED]";

/** Keywords that hold one schema, many, or many by name. In `not` and `if`, laxer would mean stricter. */
const ONE = [
  "items",
  "additionalItems",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contains",
  "then",
  "else",
];
const MANY = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const BY_NAME = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/**
 * An output schema that admits masks too, where none could be made to conform to it; the same value where nothing has to
 * change. Whatever conformed before still does.
 */
export function relaxed(schema: Json): Json {
  if (!isSchema(schema)) return schema;
  const inner = withinRelaxed(schema);
  const strings = admits(inner, "string") && speaksOfStrings(inner) && standInFor(ANY_MASK, inner) === undefined;
  const numbers = admits(inner, "number") && speaksOfNumbers(inner) && numberFor(inner) === undefined;
  if (!strings && !numbers) return inner;
  const { $defs, definitions, $schema, $id, $anchor, ...rest } = inner;
  const kept = { $defs, definitions, $schema, $id, $anchor };
  return {
    ...Object.fromEntries(
      Object.entries(kept).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    anyOf: [
      rest,
      ...(strings ? [{ type: "string", pattern: MASK }] : []),
      ...(numbers ? [{ type: "number", const: 0 }] : []),
    ],
  };
}

function withinRelaxed(schema: Schema): Schema {
  const changed: Record<string, Json> = {};
  const note = (keyword: string, before: Json, after: Json) => {
    if (after !== before) changed[keyword] = after;
  };
  for (const keyword of ONE) {
    const before = schema[keyword];
    if (isSchema(before)) note(keyword, before, relaxed(before));
  }
  for (const keyword of MANY) {
    const before = schema[keyword];
    if (Array.isArray(before)) note(keyword, before, allRelaxed(before as readonly Json[]));
  }
  for (const keyword of BY_NAME) {
    const before = schema[keyword];
    if (isSchema(before)) note(keyword, before, eachRelaxed(before));
  }
  if (isSchema(schema.propertyNames)) changed.propertyNames = { anyOf: [schema.propertyNames, { pattern: MASK }] };
  if (isSchema(schema.patternProperties) && schema.additionalProperties === false)
    changed.patternProperties = {
      ...((changed.patternProperties ?? schema.patternProperties) as Schema),
      [MASK]: true,
    };
  // Two different secrets of a kind have the same mask.
  const { uniqueItems, ...rest } = schema;
  const own = uniqueItems === true ? rest : schema;
  // A mask may fit two branches where exactly one is asked for.
  if (changed.oneOf !== undefined) {
    const { oneOf: _, ...others } = own;
    const { oneOf, ...more } = changed;
    if (others.anyOf === undefined) return { ...others, ...more, anyOf: oneOf as Json };
    return { ...others, ...more, allOf: [...((others.allOf as Json[] | undefined) ?? []), { anyOf: oneOf as Json }] };
  }
  return own === schema && Object.keys(changed).length === 0 ? schema : { ...own, ...changed };
}

function allRelaxed(schemas: readonly Json[]): readonly Json[] {
  const after = schemas.map(relaxed);
  return after.some((schema, at) => schema !== schemas[at]) ? after : schemas;
}

function eachRelaxed(schemas: Schema): Schema {
  const after = Object.entries(schemas).map(([name, schema]) => [name, relaxed(schema)] as const);
  return after.some(([name, schema]) => schema !== schemas[name]) ? Object.fromEntries(after) : schemas;
}

const speaksOfStrings = (schema: Schema) =>
  ["pattern", "format", "minLength", "maxLength", "enum", "const"].some((keyword) => schema[keyword] !== undefined) &&
  !onlyOthers(schema, "string");
const speaksOfNumbers = (schema: Schema) =>
  ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "const"].some(
    (keyword) => schema[keyword] !== undefined,
  ) && !onlyOthers(schema, "number");

/** Whether a schema names its values and none is of a kind: such a value is never there to be masked. */
function onlyOthers({ enum: values, const: only }: Schema, kind: "string" | "number"): boolean {
  const named = Array.isArray(values) ? (values as readonly Json[]) : only === undefined ? undefined : [only];
  return named !== undefined && !named.some((value) => typeof value === kind);
}
