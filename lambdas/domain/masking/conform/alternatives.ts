import { targetOf } from "./references.ts";
import { branchesOf, breadthOf, listed, type Reading, type Schema } from "./schema.ts";

/** Unions and references within a leaf's schema are followed so deep. */
const DEEPEST = 8;
/** More branches are not tried. */
const MOST = 100;

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
function* alternatives(schema: Schema, reading: Reading, depth = 0): Generator<Schema> {
  if (depth > DEEPEST || !reading.steps.take(costOf(schema))) return;
  const { anyOf: _, oneOf: __, allOf, $ref: ___, $dynamicRef: ____, ...own } = schema;
  const target = targetOf(reading.root, schema);
  const must = [...(target === undefined ? [] : [target]), ...listed(allOf)];
  if (!reading.steps.take(breadthOfAll(must))) return;
  yield must.length === 0 ? own : joined([own, ...must]);
  for (const branch of [schema, ...must].flatMap(branchesOf))
    yield* alternatives(joined([own, branch]), reading, depth + 1);
}

/** The first ways to read schemas, together and one by one: a schema that refers to itself has no end of them. */
export function* firstAlternatives(schemas: readonly Schema[], reading: Reading): Generator<Schema> {
  if (!reading.steps.take(breadthOfAll(schemas))) return;
  for (const schema of [joined(schemas), ...schemas]) yield* alternatives(schema, reading).take(MOST);
}

const breadthOfAll = (schemas: readonly Schema[]) => schemas.reduce((sum, schema) => sum + breadthOf(schema), 0);

/** The steps of making something from a schema: it is copied, and its pattern read. */
const costOf = (schema: Schema) => breadthOf(schema) + patternCost(schema);

/** The steps of a pattern: it is read anew each time, character by character. */
export const patternCost = ({ pattern }: Schema) => (typeof pattern === "string" ? 4 + pattern.length : 0);
