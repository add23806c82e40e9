import { canonical, sha256Hex } from "../json/canonical.ts";
import type { Json } from "../json/json.ts";
import { isLike, namesOf } from "./lookalikes.ts";
import { isObject, type JsonObject } from "./message.ts";

/** What of a tool's definition tells a model what it does: a pin and an approval are for exactly this. */
export const BOUND = namesOf("name", "title", "description", "inputSchema", "outputSchema", "annotations");

/** Longest name of a tool that can be pinned; no model calls a longer one. */
const LONGEST_NAME = 1024;

/** A tool as its server defines it. */
export interface DefinedTool {
  readonly name: string;
  /** SHA-256 (hex) of the definition. */
  readonly digest: string;
  readonly definition: JsonObject;
}

/** Reads an entry of `tools/list`; undefined for what cannot be called or pinned. */
export function definedTool(entry: Json | undefined): DefinedTool | undefined {
  if (!isObject(entry) || typeof entry.name !== "string") return undefined;
  const { name } = entry;
  if (name === "" || name.length > LONGEST_NAME || !name.isWellFormed()) return undefined;
  // What is only spelled like them belongs to it too: some client may read it. In one order, for want of a canonical form.
  const bound = Object.entries(entry).filter(([member]) => isLike(member, BOUND));
  const definition = Object.fromEntries(bound.sort(([one], [other]) => (one < other ? -1 : 1)));
  return { name, digest: sha256Hex(textOf(definition)), definition };
}

/** The one text of a definition. */
export function textOf(definition: JsonObject): string {
  try {
    return canonical(definition);
  } catch {
    // Numbers beyond a double and lone surrogates have no canonical form, but servers list them.
    return JSON.stringify(definition);
  }
}

/** The server's own word that a tool may destroy; what it says to the contrary counts for nothing. */
export const saysDestructive = (definition: JsonObject | undefined): boolean =>
  isObject(definition?.annotations) && definition.annotations.destructiveHint === true;
