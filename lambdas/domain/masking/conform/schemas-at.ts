import type { Json } from "../../json/json.ts";

/** A JSON Schema that is an object; the others are `true` and `false`. */
export type Schema = { readonly [keyword: string]: Json };

export const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords that hold schemas of the same value. */
const SAME = ["allOf", "anyOf", "oneOf", "then", "else"];

/** Every schema that may speak about the value at a place, through references and whatever branches there are. */
export function schemasAt(root: Schema, segments: readonly (string | number)[]): readonly Schema[] {
  let here = widened(root, [root]);
  for (const segment of segments)
    here = widened(
      root,
      here.flatMap((schema) => below(schema, segment)),
    );
  return here;
}

function widened(root: Schema, schemas: readonly Schema[]): readonly Schema[] {
  const all = new Set(schemas);
  for (const schema of all) {
    const target = typeof schema.$ref === "string" ? resolved(root, schema.$ref) : undefined;
    if (target !== undefined) all.add(target);
    for (const keyword of SAME) {
      const inner = schema[keyword];
      for (const branch of Array.isArray(inner) ? (inner as readonly Json[]) : [inner])
        if (isSchema(branch)) all.add(branch);
    }
  }
  return [...all];
}

function below(schema: Schema, segment: string | number): readonly Schema[] {
  const found = typeof segment === "number" ? itemsAt(schema, segment) : membersAt(schema, segment);
  return found.filter(isSchema);
}

function itemsAt({ prefixItems, items, additionalItems }: Schema, at: number): readonly (Json | undefined)[] {
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  return at < tuple.length ? [tuple[at]] : [Array.isArray(items) ? additionalItems : items];
}

function membersAt(schema: Schema, name: string): readonly (Json | undefined)[] {
  const { properties, patternProperties, additionalProperties } = schema;
  if (isSchema(properties) && Object.hasOwn(properties, name)) return [properties[name]];
  // Which pattern a name fits is not asked: expressions of others are not run.
  return [additionalProperties, ...(isSchema(patternProperties) ? Object.values(patternProperties) : [])];
}

/** What a reference within the document means; `#` or a JSON pointer, or an anchor among the definitions. */
function resolved(root: Schema, reference: string): Schema | undefined {
  if (!reference.startsWith("#")) return undefined;
  const pointer = decoded(reference.slice(1));
  if (pointer !== "" && !pointer.startsWith("/")) return anchored(root, pointer);
  let here: Json | undefined = root;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const within: Json | undefined = here;
    if (typeof within !== "object" || within === null || !Object.hasOwn(within, name)) return undefined;
    here = (within as Schema)[name];
  }
  return isSchema(here) ? here : undefined;
}

function anchored({ $defs, definitions }: Schema, anchor: string): Schema | undefined {
  const named = [$defs, definitions].flatMap((all) => (isSchema(all) ? Object.values(all) : []));
  return named.filter(isSchema).find((schema) => schema.$anchor === anchor || schema.$dynamicAnchor === anchor);
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
