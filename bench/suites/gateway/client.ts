import { Agent, request } from "undici";
import type { Shot } from "../../load.ts";
import { MARK } from "./messages.ts";

const dispatcher = new Agent();
const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** Sends a message, and gives the whole answer. */
export async function post(url: string, body: string, headers: Record<string, string>) {
  const answer = await request(url, { method: "POST", headers: { ...HEADERS, ...headers }, body, dispatcher });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

/** A call whose answer must be the server's own. */
export function caller(url: string, body: string, headers: Record<string, string>): Shot {
  return async () => {
    const { status, text } = await post(url, body, headers);
    if (status !== 200 || !text.includes(MARK)) throw new Error(`HTTP ${status}: ${text.slice(0, 300)}`);
  };
}

/** Milliseconds until the first byte of the body. */
export async function firstByte(url: string, body: string, headers: Record<string, string>): Promise<number> {
  const begun = performance.now();
  const answer = await request(url, { method: "POST", headers: { ...HEADERS, ...headers }, body, dispatcher });
  let first: number | undefined;
  for await (const _chunk of answer.body) first ??= performance.now() - begun;
  if (answer.statusCode !== 200 || first === undefined) throw new Error(`HTTP ${answer.statusCode} without a body`);
  return first;
}
