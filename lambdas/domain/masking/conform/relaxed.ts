import type { Json } from "../../json/json.ts";
import { contestedIn } from "./contested.ts";
import { admits, branchesOf, isSchema, type Reading, type Schema } from "./schema.ts";
import { numberFor, standInFor } from "./stand-in-of.ts";
import { Steps } from "./steps.ts";

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
  "then",
  "else",
];
const MANY = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const BY_NAME = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/** Steps for the schemas of a list. */
const STEPS = 1_000_000;

/** What is known of the schema at hand. */
interface Around extends Reading {
  /** Whether a schema around one may refuse members that nothing within it speaks of. */
  readonly mayBeUnevaluated: boolean;
  /** Whether a leaf must admit a mask although something could be made to conform to it. */
  readonly isContested: (schema: Schema) => boolean;
}

/**
 * An output schema that admits masks too, where none could be made to conform to it; the same value where nothing has to
 * change. Whatever conformed before still does.
 *
 * @param everywhere whether masks are admitted everywhere, because nothing will be made to conform to it
 * @param steps what it may take; when they are spent, masks are admitted wherever nothing was found before
 */
export function relaxed(schema: Json, everywhere = false, steps = stepsForList()): Json {
  if (!isSchema(schema)) return schema;
  const reading = { root: schema, steps };
  const contested = everywhere ? undefined : contestedIn(reading, ANY_MASK);
  return relaxedIn(schema, {
    ...reading,
    mayBeUnevaluated: JSON.stringify(schema).includes('"unevaluatedProperties":'),
    isContested: (one) => contested === undefined || contested.has(one),
  });
}

/** What the schemas of one list of tools may take together. */
export const stepsForList = (): Steps => new Steps(STEPS);

function relaxedIn(schema: Json, around: Around): Json {
  if (!isSchema(schema)) return schema;
  const inner = withinRelaxed(schema, around);
  const isContested = around.isContested(schema);
  const strings =
    admits(schema, "string") &&
    speaksOfStrings(schema) &&
    (isContested || standInFor(ANY_MASK, [schema], around) === undefined);
  const numbers =
    admits(schema, "number") && speaksOfNumbers(schema) && (isContested || numberFor([schema], around) === undefined);
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

function withinRelaxed(schema: Schema, around: Around): Schema {
  const changed: Record<string, Json> = {};
  const note = (keyword: string, before: Json, after: Json) => {
    if (after !== before) changed[keyword] = after;
  };
  for (const keyword of ONE) {
    const before = schema[keyword];
    if (isSchema(before)) note(keyword, before, relaxedIn(before, around));
  }
  for (const keyword of MANY) {
    const before = schema[keyword];
    if (Array.isArray(before)) note(keyword, before, allRelaxed(before as readonly Json[], around));
  }
  for (const keyword of BY_NAME) {
    const before = schema[keyword];
    if (isSchema(before)) note(keyword, before, eachRelaxed(before, around));
  }
  if (isSchema(schema.propertyNames)) changed.propertyNames = { anyOf: [schema.propertyNames, { pattern: MASK }] };
  if (isSchema(schema.patternProperties) && (around.mayBeUnevaluated || isNarrow(schema.additionalProperties)))
    changed.patternProperties = {
      ...((changed.patternProperties ?? schema.patternProperties) as Schema),
      [MASK]: true,
    };
  const own = withoutCounting(schema, around);
  // A mask may fit two branches where exactly one is asked for.
  if (changed.oneOf !== undefined || (own.oneOf !== undefined && maySpeakTwice(own))) {
    const { oneOf: before, ...others } = own;
    const { oneOf = before, ...more } = changed;
    if (others.anyOf === undefined) return { ...others, ...more, anyOf: oneOf as Json };
    return { ...others, ...more, allOf: [...((others.allOf as Json[] | undefined) ?? []), { anyOf: oneOf as Json }] };
  }
  return own === schema && Object.keys(changed).length === 0 ? schema : { ...own, ...changed };
}

/** Whether it refuses members whose names fit no pattern any more. */
const isNarrow = (additional: Json | undefined) => additional === false || isSchema(additional);

/** Two different secrets of a kind have the same mask, and which item it was that an array must contain is not seen. */
function withoutCounting(schema: Schema, around: Around): Schema {
  const { uniqueItems, ...rest } = schema;
  const own = uniqueItems === true ? rest : schema;
  const { contains, minContains: _, maxContains: __, ...others } = own;
  const mayBeMasked = isSchema(contains) && relaxedIn(contains, { ...around, isContested: () => true }) !== contains;
  return mayBeMasked ? others : own;
}

/** Whether what stands for a mask may fit two branches of which each says something else than which texts there are. */
const maySpeakTwice = (schema: Schema): boolean =>
  branchesOf({ oneOf: schema.oneOf ?? null }).filter(
    (branch) =>
      admits(branch, "string") && branch.enum === undefined && branch.const === undefined && !onlyContainers(branch),
  ).length > 1;

const onlyContainers = ({ properties, items, required, $ref }: Schema) =>
  [properties, items, required, $ref].some((keyword) => keyword !== undefined);

function allRelaxed(schemas: readonly Json[], around: Around): readonly Json[] {
  const after = schemas.map((schema) => relaxedIn(schema, around));
  return after.some((schema, at) => schema !== schemas[at]) ? after : schemas;
}

function eachRelaxed(schemas: Schema, around: Around): Schema {
  const after = Object.entries(schemas).map(([name, schema]) => [name, relaxedIn(schema, around)] as const);
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
