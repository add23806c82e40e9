import type { Json } from "../../json/json.ts";
import { targetOf } from "./references.ts";
import { admits, branchesOf, isSchema, listed, named, type Schema } from "./schema.ts";
import { together } from "./schemas-at.ts";
import { standInFor } from "./stand-in-of.ts";

/** So many schemas beside each other are looked at. */
const MOST_STEPS = 50_000;
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
export function contestedIn(root: Schema, any: string): ReadonlySet<Schema> | undefined {
  const contested = new Set<Schema>();
  const seen = new Set<Schema>([root]);
  let steps = 0;
  for (const schema of seen) {
    const beside = besideOf(root, schema);
    steps += 1 + beside.length;
    if (steps > MOST_STEPS) return undefined;
    for (const inner of [...beside, ...innerOf(schema)]) seen.add(inner);
    const parts = [schema, ...beside];
    const must = closure([schema], (one) => together(root, one));
    if (must.length > 1 && admits(schema, "string") && standInFor(any, must, root) === undefined)
      for (const part of parts) contested.add(part);
    for (const inner of sharedIn(root, parts)) mark(root, inner, contested);
  }
  return contested;
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
function sharedIn(root: Schema, parts: readonly Schema[]): readonly Schema[] {
  const told = toldApart(root, parts);
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
function toldApart(root: Schema, parts: readonly Schema[]): (inners: ReadonlySet<Schema>) => boolean {
  const theirs = parts.map((part) => {
    const branches = branchesOf(part)
      .map((branch) => targetOf(root, branch) ?? branch)
      .filter((branch) => CONTAINERS.some((kind) => admits(branch, kind)));
    return new Set(tells(branches) ? branches.flatMap(({ properties }) => named(properties)) : []);
  });
  return (inners) => theirs.some((known) => [...inners].every((inner) => known.has(inner)));
}

/** Whether a member has another value in each of the branches. */
function tells(branches: readonly Schema[]): boolean {
  const names = branches.flatMap(({ properties }) => (isSchema(properties) ? Object.keys(properties) : []));
  return [...new Set(names)].some((name) => {
    const constants = branches.map((branch) => constantOf(branch, name));
    return constants.every((value) => value !== undefined) && new Set(constants).size === branches.length;
  });
}

/** The only value that a member may have which must be there. */
function constantOf({ properties, required }: Schema, name: string): Json | undefined {
  const inner = isSchema(properties) ? properties[name] : undefined;
  if (!isSchema(inner) || !Array.isArray(required) || !required.includes(name)) return undefined;
  const values = Array.isArray(inner.enum) && inner.enum.length === 1 ? (inner.enum as Json[])[0] : inner.const;
  return typeof values === "object" ? undefined : values;
}

/** A schema and all below it. */
function mark(root: Schema, schema: Schema, contested: Set<Schema>): void {
  const all = new Set([schema]);
  for (const one of all) {
    contested.add(one);
    for (const inner of [...besideOf(root, one), ...innerOf(one)]) if (!contested.has(inner)) all.add(inner);
  }
}

const innerOf = (schema: Schema): readonly Schema[] => [
  ...INNER.flatMap((keyword) => listed(schema[keyword])),
  ...INNER_BY_NAME.flatMap((keyword) => named(schema[keyword])),
];
