import { events } from "./answer.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { withKeepAlive } from "./keep-alive.ts";
import type { Released } from "./released.ts";
import { empty, json, type Reply, stream } from "./reply.ts";

/**
 * The answer of an approved run: its response alone, or a stream from the first message on that comes before it, for what
 * is on record as relayed must leave.
 */
export async function asItComes(call: Call, messages: AsyncIterable<Released>, { settings }: House): Promise<Reply> {
  const every = settings.config.limits.keepAlive * 1000;
  const source = messages[Symbol.asyncIterator]();
  let last: Released | undefined;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    last = next.value;
    if (last.relayed) return stream(withKeepAlive(events(from(last, source)), every, call.ended));
  }
  return last?.text === undefined ? empty(202) : json(200, last.text);
}

async function* from(first: Released, source: AsyncIterator<Released>): AsyncGenerator<Released> {
  try {
    yield first;
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  } finally {
    // A client that left gives its place back.
    await source.return?.();
  }
}
