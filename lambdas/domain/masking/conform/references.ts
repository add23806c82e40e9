import type { Json } from "../../json/json.ts";
import { madeOnce } from "../../remembered.ts";
import { isSchema, type Schema } from "./schema.ts";

/** Where a schema without an `$id` of its own lies: nowhere. */
const NOWHERE = "https://schema.invalid/";

/**
 * What a schema refers to within its document: by `#` and a JSON pointer, by an anchor, or through an `$id`, that of the
 * document or of one of its definitions.
 *
 * @returns undefined without a reference, and for one to another document
 */
export function targetOf(root: Schema, { $ref, $dynamicRef }: Schema): Schema | undefined {
  const reference = $ref ?? $dynamicRef;
  if (typeof reference !== "string") return undefined;
  const known = targetsIn(root);
  if (!known.has(reference)) known.set(reference, found(root, reference));
  return known.get(reference);
}

/** By reference, what was found already: the same one is followed from many places. */
const targetsIn = madeOnce((_: Schema) => new Map<string, Schema | undefined>());

function found(root: Schema, reference: string): Schema | undefined {
  if (reference.startsWith("#")) return within(root, reference.slice(1));
  const base = addressOf(root.$id, NOWHERE) ?? NOWHERE;
  const [address, fragment = ""] = (addressOf(reference, base) ?? "").split("#");
  const document = address === base.split("#")[0] ? root : byAddress(root).get(address ?? "");
  return document === undefined ? undefined : within(document, fragment);
}

function within(document: Schema, fragment: string): Schema | undefined {
  const pointer = decoded(fragment);
  return pointer === "" || pointer.startsWith("/") ? below(document, pointer) : byAnchor(document).get(pointer);
}

function addressOf(reference: Json | undefined, base: string): string | undefined {
  return typeof reference === "string" && URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
}

const byAddress = madeOnce((root: Schema) => {
  const base = addressOf(root.$id, NOWHERE) ?? NOWHERE;
  return firsts(definitions(root).map((schema) => [addressOf(schema.$id, base)?.split("#")[0], schema]));
});

const byAnchor = madeOnce((document: Schema) =>
  firsts(
    definitions(document).flatMap((schema) => [
      [schema.$anchor, schema],
      [schema.$dynamicAnchor, schema],
    ]),
  ),
);

/** The first schema of each name. */
function firsts(all: readonly (readonly [name: Json | undefined, schema: Schema])[]): ReadonlyMap<Json, Schema> {
  const first = new Map<Json, Schema>();
  for (const [name, schema] of all) if (typeof name === "string" && !first.has(name)) first.set(name, schema);
  return first;
}

function below(document: Schema, pointer: string): Schema | undefined {
  let here: Json | undefined = document;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const outer: Json | undefined = here;
    if (typeof outer !== "object" || outer === null || !Object.hasOwn(outer, name)) return undefined;
    here = (outer as Schema)[name];
  }
  return isSchema(here) ? here : undefined;
}

const definitions = ({ $defs, definitions: older }: Schema): readonly Schema[] =>
  [$defs, older].flatMap((all) => (isSchema(all) ? Object.values(all) : [])).filter(isSchema);

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
