import type { SseFrame } from "../domain/upstream/answer.ts";

/** What goes back to the client: whole, or as it comes. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}

/** Answers depend on the caller: no cache may keep them. */
const PRIVATE = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

export const json = (status: number, text: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...PRIVATE, ...headers },
  body: text,
});

export const empty = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...PRIVATE, ...headers },
  body: "",
});

/** A 429 of a server with its word of when to come back. */
export const withRetryAfter = (reply: Reply, retryAfter: string | undefined): Reply =>
  reply.status !== 429 || retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, "retry-after": retryAfter } };

/** An event stream. `X-Accel-Buffering` keeps proxies on the way from collecting it (2026-07-28, transports). */
export const stream = (body: AsyncIterable<string>, headers: Record<string, string> = {}): Reply => ({
  status: 200,
  headers: { "content-type": "text/event-stream", "x-accel-buffering": "no", ...PRIVATE, ...headers },
  body,
});

/** One server-sent event; without a text it carries only its frame. */
export function sseEvent(text: string | undefined, frame: SseFrame = {}): string {
  const id = oneLine(frame.id);
  const retry = Number.isSafeInteger(frame.retry) && Number(frame.retry) >= 0 ? frame.retry : undefined;
  const fields = [
    ...(text === undefined ? [] : ["event: message"]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    // Without a data line the reader would take no notice of the id (WHATWG HTML, server-sent events).
    ...(text === undefined && id === undefined ? [] : (text ?? "").split(/\r\n|\r|\n/).map((line) => `data: ${line}`)),
  ];
  return `${fields.join("\n")}\n\n`;
}

/** A field that would begin another line is left out: what it said could not be said back. */
const oneLine = (field: string | undefined) => (field === undefined || /[\r\n\0]/.test(field) ? undefined : field);

/** A comment line: says nothing and keeps the connection from looking dead. */
export const KEEP_ALIVE = ": keep-alive\n\n";
