import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

/** Status and headers as a proxy integration gives them. */
export interface ProxyHead {
  readonly statusCode?: number | undefined;
  readonly headers?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly (string | number | boolean)[]>> | undefined;
  readonly cookies?: readonly string[] | undefined;
}

/** API Gateway keeps these names for itself: a function's own value arrives under another one. */
const REMAPPED = new Set(["www-authenticate", "server", "date", "connection"]);
/** The front speaks HTTP/1.1 to the client by itself. */
const DROPPED = new Set(["transfer-encoding", "content-length", "keep-alive"]);

/** Writes status and headers of a function's answer as API Gateway lets them through. */
export function writeHead(response: ServerResponse, head: ProxyHead): void {
  const headers = new Map<string, string[]>();
  const all = [
    ...Object.entries(head.headers ?? {}).map(([name, value]) => [name, [value]] as const),
    ...Object.entries(head.multiValueHeaders ?? {}),
    ...(head.cookies ? [["set-cookie", head.cookies] as const] : []),
  ];
  for (const [name, values] of all) {
    const lower = name.toLowerCase();
    if (DROPPED.has(lower)) continue;
    headers.set(REMAPPED.has(lower) ? `x-amzn-remapped-${lower}` : lower, values.map(String));
  }
  response.statusCode = head.statusCode ?? 200;
  for (const [name, values] of headers) response.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
  response.setHeader("x-amzn-requestid", randomUUID());
}
