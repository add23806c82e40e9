import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { Json } from "../json/json.ts";
import type { Subject } from "../policy/question.ts";
import { setMember } from "./edit.ts";
import { isObject, type JsonObject } from "./message.ts";
import type { JsonRpcId } from "./refusal.ts";

/** Where each list keeps its items, and what an item is to policy. */
const LISTS: Readonly<
  Record<string, { readonly key: string; readonly subject: (server: string, item: Json) => Subject | undefined }>
> = {
  "tools/list": { key: "tools", subject: (server, item) => named("tool", server, item) },
  "prompts/list": { key: "prompts", subject: (server, item) => named("prompt", server, item) },
  "resources/list": { key: "resources", subject: (server, item) => located(server, item, "uri") },
  "resources/templates/list": {
    key: "resourceTemplates",
    subject: (server, item) => located(server, item, "uriTemplate"),
  },
};

/** Whether a method answers with a list that policy filters. */
export const isList = (method: string): boolean => Object.hasOwn(LISTS, method);

/** A list as one caller sees it. */
export interface VisibleList {
  readonly text: string;
  /** Where to go on when everything of this page is hidden and the server has more. */
  readonly next: string | undefined;
}

/**
 * Leaves out of a list what the caller may not discover. Where nothing is hidden, every byte of the items stays.
 *
 * @param text the server's response; `parsed` is the same, parsed
 * @param id of the client's request: a later page was asked for under another one
 * @param may whether the caller may discover something; the item is what the server says of it
 */
export function visibleList(
  method: string,
  text: string,
  parsed: JsonObject,
  { server, id }: { readonly server: string; readonly id: JsonRpcId | null },
  may: (subject: Subject, item: Json) => boolean,
): VisibleList {
  const list = isList(method) ? LISTS[method] : undefined;
  const { result } = parsed;
  const own = parsed.id === id ? text : setMember(text, ["id"], id);
  if (list === undefined || !isObject(result)) return { text: own, next: undefined };
  const items = result[list.key];
  if (!Array.isArray(items)) return { text: own, next: undefined };
  const seen = items.filter((item) => {
    const subject = list.subject(server, item);
    return subject !== undefined && may(subject, item);
  });
  const next = seen.length === 0 && typeof result.nextCursor === "string" ? result.nextCursor : undefined;
  if (seen.length === items.length) return { text: own, next };
  return { text: withItems(own, ["result", list.key], (at) => seen.includes(items[at] as Json)), next };
}

/** The text with only some items of an array in it; their bytes stay, numbers beyond a double too. */
function withItems(text: string, path: readonly string[], keep: (at: number) => boolean): string {
  const tree = parseTree(text);
  const array = tree && findNodeAtLocation(tree, [...path]);
  // Never the text as it is: what is hidden would be in it.
  if (array?.type !== "array") throw new Error("the list is not where it was");
  const kept = (array.children ?? []).filter((_, at) => keep(at));
  const items = kept.map(({ offset, length }) => text.slice(offset, offset + length));
  return `${text.slice(0, array.offset)}[${items.join(",")}]${text.slice(array.offset + array.length)}`;
}

/** What depends on the caller must not be shared by a cache (2026-07-28, caching). */
export function withPrivateCache(text: string, { result }: JsonObject): string {
  const shared = isObject(result) && result.cacheScope !== undefined && result.cacheScope !== "private";
  return shared ? setMember(text, ["result", "cacheScope"], "private") : text;
}

function named(kind: "tool" | "prompt", server: string, item: Json): Subject | undefined {
  return isObject(item) && typeof item.name === "string" ? { kind, server, name: item.name } : undefined;
}

function located(server: string, item: Json, key: string): Subject | undefined {
  const uri = isObject(item) ? item[key] : undefined;
  return typeof uri === "string" ? { kind: "resource", server, uri } : undefined;
}
