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

/** An event stream. `X-Accel-Buffering` keeps proxies on the way from collecting it (2026-07-28, transports). */
export const stream = (body: AsyncIterable<string>, headers: Record<string, string> = {}): Reply => ({
  status: 200,
  headers: { "content-type": "text/event-stream", "x-accel-buffering": "no", ...PRIVATE, ...headers },
  body,
});

/** One server-sent event. */
export function sseEvent(text: string, frame: SseFrame = {}): string {
  const fields = [
    ...(frame.event === undefined ? ["event: message"] : [`event: ${frame.event}`]),
    ...(frame.id === undefined ? [] : [`id: ${frame.id}`]),
    ...(frame.retry === undefined ? [] : [`retry: ${frame.retry}`]),
    ...text.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ];
  return `${fields.join("\n")}\n\n`;
}

/** A comment line: says nothing and keeps the connection from looking dead. */
export const KEEP_ALIVE = ": keep-alive\n\n";
