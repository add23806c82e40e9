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
  const streamed = (first: Promise<IteratorResult<Released>>) =>
    stream(withKeepAlive(events(from(first, source)), every, call.ended));
  let last: Released | undefined;
  for (;;) {
    const coming = source.next();
    const next = await coming;
    if (next.done) break;
    last = next.value;
    if (last.relayed) return streamed(coming);
  }
  return last?.text === undefined ? empty(202) : json(200, last.text);
}

async function* from(
  first: Promise<IteratorResult<Released>>,
  source: AsyncIterator<Released>,
): AsyncGenerator<Released> {
  try {
    for (let next = await first; next.done !== true; next = await source.next()) yield next.value;
  } finally {
    // A client that left gives its place back.
    await source.return?.();
  }
}
