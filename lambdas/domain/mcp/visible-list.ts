import type { Json } from "../json/json.ts";
import type { Subject } from "../policy/question.ts";
import { isObject, type JsonObject } from "./message.ts";

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

/**
 * Leaves out of a list what the caller may not discover. Where nothing is hidden and the result names no cache scope, the text is returned as it came.
 *
 * @param text the server's response; `parsed` is the same, parsed
 * @param may whether the caller may discover something
 */
export function visibleList(
  method: string,
  text: string,
  parsed: JsonObject,
  server: string,
  may: (subject: Subject) => boolean,
): string {
  const list = isList(method) ? LISTS[method] : undefined;
  const { result } = parsed;
  if (list === undefined || !isObject(result)) return text;
  const items = result[list.key];
  if (!Array.isArray(items)) return text;
  const seen = items.filter((item) => {
    const subject = list.subject(server, item);
    return subject !== undefined && may(subject);
  });
  if (seen.length === items.length && result.cacheScope === undefined) return text;
  // What depends on the caller must not be shared by a cache (2026-07-28, caching).
  const scope = result.cacheScope === undefined ? {} : { cacheScope: "private" };
  return JSON.stringify({ ...parsed, result: { ...result, [list.key]: seen, ...scope } });
}

function named(kind: "tool" | "prompt", server: string, item: Json): Subject | undefined {
  return isObject(item) && typeof item.name === "string" ? { kind, server, name: item.name } : undefined;
}

function located(server: string, item: Json, key: string): Subject | undefined {
  const uri = isObject(item) ? item[key] : undefined;
  return typeof uri === "string" ? { kind: "resource", server, uri } : undefined;
}
