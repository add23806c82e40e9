import { type Call, streamName } from "./call.ts";
import { ended } from "./failed.ts";
import type { House } from "./house.ts";
import { within } from "./keep-alive.ts";
import type { Released } from "./released.ts";

/** Milliseconds between looks at the principal's row: a block ends a stream within 5 s. */
export const LOOK_EVERY = 4000;
/** Milliseconds between leaving the place and being over. */
const ENDING = 250;

/**
 * Relays a stream that listens for as long as its principal is welcome: not blocked, with a token that has not expired, and not
 * displaced by a newer stream of its own.
 */
export async function* whileWelcome(
  call: Call,
  messages: AsyncIterable<Released>,
  house: House,
): AsyncGenerator<Released> {
  const source = messages[Symbol.asyncIterator]();
  const expires = call.caller.expiresAt * 1000;
  let next = source.next();
  let looked = house.now();
  try {
    for (;;) {
      const first = await within(next, Math.max(0, Math.min(looked + LOOK_EVERY, expires) - house.now()));
      if (first === undefined) {
        looked = house.now();
        if (house.now() < expires && (await welcome(call, house))) continue;
        // A stream that is just ending by itself has left its place already. What comes now is recorded as relayed: it is the last.
        const last = await within(next, ENDING);
        if (last?.done) return;
        if (last !== undefined) yield last.value;
        if (last?.value.ending === undefined) yield* ended(call, house);
        return;
      }
      if (first.done) return;
      yield first.value;
      next = source.next();
    }
  } finally {
    call.ended.abort();
    next.catch(() => undefined);
    void source.return?.(undefined);
  }
}

/** A row that cannot be read says nothing; the next look will. */
async function welcome(call: Call, house: House): Promise<boolean> {
  try {
    const row = await house.access.look(call.caller.principal.id);
    return !row.blocked && row.open.has(`stream:${streamName(call)}`);
  } catch {
    return true;
  }
}
