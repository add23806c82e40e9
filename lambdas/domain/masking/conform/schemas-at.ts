import type { Json } from "../../json/json.ts";
import { namesFit } from "./fits-name.ts";
import { MASKED, type MayBe, mayBeOf, type Shown } from "./may-be.ts";
import { targetOf } from "./references.ts";
import { branchesOf, breadthOf, isSchema, listed, named, type Reading, type Schema } from "./schema.ts";

/** Keywords of schemas of the same value. */
const BESIDE = ["allOf", "anyOf", "oneOf", "dependentSchemas"];

/** What is known of a place on the way to a leaf. */
interface Place {
  readonly value: Shown | undefined;
  readonly schemas: readonly Schema[];
}

/**
 * Finds the schemas that speak about the value at a place. Of the branches of a union it passes on the way those count
 * that the value itself does not rule out; where more than one is left, whatever fits must fit for all of them. When the
 * steps are spent it no longer finds all.
 *
 * @param content the whole value, its masked leaves marked
 */
export function schemasIn(
  reading: Reading,
  content: Shown,
): (segments: readonly (string | number)[]) => readonly Schema[] {
  const mayBe = mayBeOf(reading);
  const fitsName = namesFit(reading.steps);
  const top: Place = { value: content, schemas: widened(reading, [reading.root], content, mayBe) };
  // Leaves come in their order: most of the way is that to the one before.
  let last: readonly (string | number)[] = [];
  let way: Place[] = [];

  function next({ value, schemas }: Place, segment: string | number): Place {
    const inner = memberOf(value, segment);
    const below = schemas.flatMap((schema) => belowOf(schema, segment, fitsName));
    return { value: inner, schemas: widened(reading, below, inner, mayBe) };
  }

  return (segments) => {
    const parts = segments.findIndex((segment, at) => segment !== last[at]);
    way = way.slice(0, parts === -1 ? segments.length : parts);
    for (const segment of segments.slice(way.length)) way.push(next(way.at(-1) ?? top, segment));
    last = segments;
    return (way.at(-1) ?? top).schemas;
  };
}

function memberOf(value: Shown | undefined, segment: string | number): Shown | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
  return (value as { readonly [name: string]: Shown })[segment];
}

/** The schemas of the same value. The unions of what was masked stay: any of their branches will do. */
function widened(
  { root, steps }: Reading,
  schemas: readonly Schema[],
  value: Shown | undefined,
  mayBe: MayBe,
): readonly Schema[] {
  const all = new Set(schemas);
  for (const schema of all) {
    if (!steps.take(breadthOf(schema, BESIDE))) break;
    for (const other of together(root, schema)) all.add(other);
    if (value !== MASKED)
      for (const union of [schema.anyOf, schema.oneOf]) for (const one of left(union, value, mayBe)) all.add(one);
  }
  return [...all];
}

/** What speaks of the value that a schema speaks of, beside it. */
export function together(root: Schema, schema: Schema): readonly Schema[] {
  const target = targetOf(root, schema);
  const { allOf, then, else: otherwise, dependentSchemas } = schema;
  return [
    ...(target === undefined ? [] : [target]),
    ...listed(allOf),
    ...listed(then),
    ...listed(otherwise),
    ...named(dependentSchemas),
  ];
}

function left(union: Json | undefined, value: Shown | undefined, mayBe: MayBe): readonly Schema[] {
  const branches = branchesOf({ anyOf: union ?? null });
  const possible = branches.filter((branch) => mayBe(branch, value));
  return possible.length === 0 ? branches : possible;
}

type FitsName = ReturnType<typeof namesFit>;

function belowOf(schema: Schema, segment: string | number, fitsName: FitsName): readonly Schema[] {
  const found = typeof segment === "number" ? itemsAt(schema, segment) : membersAt(schema, segment, fitsName);
  return found.filter(isSchema);
}

function itemsAt({ prefixItems, items, additionalItems }: Schema, at: number): readonly (Json | undefined)[] {
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  return at < tuple.length ? [tuple[at]] : [Array.isArray(items) ? additionalItems : items];
}

function membersAt(schema: Schema, name: string, fitsName: FitsName): readonly (Json | undefined)[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const own = isSchema(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
  const patterns = Object.entries(isSchema(patternProperties) ? patternProperties : {}).map(([pattern, inner]) => ({
    inner,
    fits: fitsName(pattern, name),
  }));
  const isAdditional = own.length === 0 && patterns.every(({ fits }) => fits !== true);
  return [
    ...own,
    ...patterns.filter(({ fits }) => fits !== false).map(({ inner }) => inner),
    ...(isAdditional ? [additionalProperties] : []),
  ];
}
