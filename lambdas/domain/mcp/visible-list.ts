import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { Json } from "../json/json.ts";
import type { Subject } from "../policy/question.ts";
import { BOUND } from "./definition.ts";
import { setMember } from "./edit.ts";
import { lookalikeIn, type Names, namesOf } from "./lookalikes.ts";
import { isObject, type JsonObject } from "./message.ts";
import type { JsonRpcId } from "./refusal.ts";

interface List {
  /** Where it keeps its items. */
  readonly key: string;
  /** What an item is to policy. */
  readonly subject: (server: string, item: JsonObject) => Subject | undefined;
  /** Members of an item that decide whether it is shown. */
  readonly names: Names;
}

const LISTS: Readonly<Record<string, List>> = {
  "tools/list": { key: "tools", subject: (server, item) => named("tool", server, item), names: BOUND },
  "prompts/list": { key: "prompts", subject: (server, item) => named("prompt", server, item), names: namesOf("name") },
  "resources/list": {
    key: "resources",
    subject: (server, item) => located(server, item.uri),
    names: namesOf("uri"),
  },
  "resources/templates/list": {
    key: "resourceTemplates",
    subject: (server, item) => located(server, item.uriTemplate),
    names: namesOf("uriTemplate"),
  },
};
/** The names of all keys, for a result of any list. */
const KEYS = namesOf(...Object.values(LISTS).map(({ key }) => key));

/** Whether a method answers with a list that policy filters. */
export const isList = (method: string): boolean => Object.hasOwn(LISTS, method);

/** Whether a result has a member that some client may take for its list: nobody would have filtered that. */
export const isListInDisguise = ({ result }: JsonObject): boolean =>
  isObject(result) && lookalikeIn(result, KEYS) !== undefined;

/** A list as one caller sees it. */
export interface VisibleList {
  readonly text: string;
  /** Where to go on when everything of this page is hidden and the server has more. */
  readonly next: string | undefined;
}

/**
 * Leaves out of a list what the caller may not discover, and what some client may take for another item than the one that
 * was looked at. Where nothing is hidden, every byte of the items stays.
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
  const shown = items.map((item) => {
    if (!isObject(item) || lookalikeIn(item, list.names) !== undefined) return false;
    const subject = list.subject(server, item);
    return subject !== undefined && may(subject, item);
  });
  const next = !shown.includes(true) && typeof result.nextCursor === "string" ? result.nextCursor : undefined;
  if (!shown.includes(false)) return { text: own, next };
  return { text: withItems(own, ["result", list.key], shown), next };
}

/** The text with only some items of an array in it; their bytes stay, numbers beyond a double too. */
function withItems(text: string, path: readonly string[], shown: readonly boolean[]): string {
  const tree = parseTree(text);
  const array = tree && findNodeAtLocation(tree, [...path]);
  // Never the text as it is: what is hidden would be in it.
  if (array?.type !== "array") throw new Error("the list is not where it was");
  const kept = (array.children ?? []).filter((_, at) => shown[at]);
  const items = kept.map(({ offset, length }) => text.slice(offset, offset + length));
  return `${text.slice(0, array.offset)}[${items.join(",")}]${text.slice(array.offset + array.length)}`;
}

/** What depends on the caller must not be shared by a cache (2026-07-28, caching). */
export function withPrivateCache(text: string, { result }: JsonObject): string {
  const shared = isObject(result) && result.cacheScope !== undefined && result.cacheScope !== "private";
  return shared ? setMember(text, ["result", "cacheScope"], "private") : text;
}

function named(kind: "tool" | "prompt", server: string, { name }: JsonObject): Subject | undefined {
  return typeof name === "string" ? { kind, server, name } : undefined;
}

function located(server: string, uri: Json | undefined): Subject | undefined {
  return typeof uri === "string" ? { kind: "resource", server, uri } : undefined;
}
