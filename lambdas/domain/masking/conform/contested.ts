import type { Json } from "../../json/json.ts";
import { targetOf } from "./references.ts";
import { admits, branchesOf, breadthOf, isSchema, listed, named, type Reading, type Schema } from "./schema.ts";
import { together } from "./schemas-at.ts";
import { standInFor } from "./stand-in-of.ts";

const CONTAINERS = ["object", "array"];
/** Keywords of other values than the schema's own. */
const INNER = [
  "items",
  "prefixItems",
  "additionalItems",
  "additionalProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
];
const INNER_BY_NAME = ["properties", "patternProperties"];

/**
 * The schemas of which a masked value cannot be told whether they speak about it, or which say together what nothing
 * fits: the same member in branches that nothing tells apart, patterns of names, items of two lists. What the client is
 * listed must admit a mask there.
 *
 * @param any longer than any mask, and no schema's own
 * @returns undefined where a schema is too tangled to tell: then all of it is
 */
export function contestedIn(reading: Reading, any: string): ReadonlySet<Schema> | undefined {
  const { root, steps } = reading;
  const contested = new Set<Schema>();
  // With all that is below them.
  const shared = new Set<Schema>();
  const seen = new Set<Schema>([root]);
  const told = toldApart(reading);
  for (const schema of seen) {
    const beside = besideOf(root, schema);
    for (const inner of [...beside, ...innerOf(schema)]) seen.add(inner);
    const parts = [schema, ...beside];
    if (!steps.take(parts.reduce((sum, part) => sum + breadthOf(part), 0))) return undefined;
    const must = closure([schema], (one) => together(root, one));
    if (must.length > 1 && admits(schema, "string") && standInFor(any, must, reading) === undefined)
      for (const part of parts) contested.add(part);
    for (const inner of sharedIn(parts, told(parts))) shared.add(inner);
  }
  for (const inner of closure([...shared], (one) => [...together(root, one), ...branchesOf(one), ...innerOf(one)]))
    contested.add(inner);
  return steps.areSpent ? undefined : contested;
}

/** What speaks of the same value, branches among it. */
const besideOf = (root: Schema, schema: Schema): readonly Schema[] =>
  closure([schema], (one) => [...together(root, one), ...branchesOf(one)]).slice(1);

function closure(schemas: readonly Schema[], next: (schema: Schema) => readonly Schema[]): readonly Schema[] {
  const all = new Set(schemas);
  for (const one of all) for (const other of next(one)) all.add(other);
  return [...all];
}

/** Schemas of members and items of which another speaks as well. */
function sharedIn(parts: readonly Schema[], told: (inners: ReadonlySet<Schema>) => boolean): readonly Schema[] {
  return [
    ...[...placesIn(parts).values()]
      .filter((inners) => inners.size > 1 && !told(inners))
      .flatMap((inners) => [...inners]),
    ...parts.filter(({ patternProperties }) => named(patternProperties).length > 0).flatMap(byPattern),
    // Additional is what no other part speaks of, which is not seen from here.
    ...(parts.filter(speaksOfMembers).length > 1 ? parts.flatMap((part) => listed(part.additionalProperties)) : []),
    ...parts.flatMap((part) => [...listed(part.unevaluatedProperties), ...listed(part.unevaluatedItems)]),
  ];
}

/** By member, the schemas of it; items of two arrays may be the same item. */
function placesIn(parts: readonly Schema[]): ReadonlyMap<string, ReadonlySet<Schema>> {
  const places = new Map<string, Set<Schema>>();
  const note = (place: string, inner: Json | undefined) => {
    if (isSchema(inner)) places.set(place, (places.get(place) ?? new Set()).add(inner));
  };
  for (const { properties } of parts)
    for (const [name, inner] of Object.entries(isSchema(properties) ? properties : {})) note(`.${name}`, inner);
  const arrays = parts.filter(({ items, prefixItems }) => items !== undefined || prefixItems !== undefined);
  if (arrays.length > 1)
    for (const inner of arrays.flatMap(({ items, prefixItems }) => [...listed(items), ...listed(prefixItems)]))
      note("[]", inner);
  return places;
}

/** Which names a pattern means, beside those of another or of the properties, is not known before they come. */
function byPattern({ properties, patternProperties, additionalProperties }: Schema): readonly Schema[] {
  const patterns = named(patternProperties);
  const isAlone = patterns.length === 1 && !isSchema(additionalProperties) && !isSchema(properties);
  return isAlone ? [] : [...patterns, ...listed(additionalProperties)];
}

const speaksOfMembers = ({ properties, patternProperties, additionalProperties }: Schema) =>
  [properties, patternProperties, additionalProperties].some(isSchema);

/** Whether schemas of a member are those of branches that a constant tells apart. */
function toldApart({ root, steps }: Reading): (parts: readonly Schema[]) => (inners: ReadonlySet<Schema>) => boolean {
  const known = new Map<Schema, ReadonlySet<Schema>>();

  function toldBy(part: Schema): ReadonlySet<Schema> {
    const branches = branchesOf(part)
      .map((branch) => targetOf(root, branch) ?? branch)
      .filter((branch) => CONTAINERS.some((kind) => admits(branch, kind)));
    const isTold = steps.take(branches.reduce((sum, branch) => sum + breadthOf(branch), 0)) && tells(branches);
    return new Set(isTold ? branches.flatMap(({ properties }) => named(properties)) : []);
  }

  return (parts) => {
    for (const part of parts) if (!known.has(part)) known.set(part, toldBy(part));
    const theirs = parts.flatMap((part) => known.get(part) ?? []).filter(({ size }) => size > 0);
    return (inners) =>
      steps.take(theirs.length) && theirs.some((told) => inners.values().every((inner) => told.has(inner)));
  };
}

/** Whether a member has another value in each of the branches. */
function tells(branches: readonly Schema[]): boolean {
  const [first] = branches;
  const read = branches.map((branch) => constantsOf(branch));
  // A name that tells is in each of them.
  return Object.keys(isSchema(first?.properties) ? first.properties : {}).some((name) => {
    if (!read.every((constantOf) => constantOf(name) !== undefined)) return false;
    return new Set(read.map((constantOf) => constantOf(name))).size === branches.length;
  });
}

/** By member, the only value that it may have, if it must be there. */
function constantsOf({ properties, required }: Schema): (name: string) => Json | undefined {
  const must = new Set(Array.isArray(required) ? (required as readonly Json[]) : []);
  return (name) => {
    const inner = isSchema(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isSchema(inner) || !must.has(name)) return undefined;
    const values = Array.isArray(inner.enum) && inner.enum.length === 1 ? (inner.enum as Json[])[0] : inner.const;
    return typeof values === "object" ? undefined : values;
  };
}

const innerOf = (schema: Schema): readonly Schema[] => [
  ...INNER.flatMap((keyword) => listed(schema[keyword])),
  ...INNER_BY_NAME.flatMap((keyword) => named(schema[keyword])),
];
