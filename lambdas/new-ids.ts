import { randomBytes } from "node:crypto";
import { monotonicFactory, type ULIDFactory } from "ulid";

/** Bytes that are drawn from the system at once; an id takes sixteen. */
const POOL = 4096;

/**
 * Makes ULIDs that grow within one process. The library draws each character's randomness by a call of its own to the
 * system; here they come from a pool of the same randomness.
 */
export function newIds(): ULIDFactory {
  let pool = randomBytes(POOL);
  let at = 0;
  return monotonicFactory(() => {
    if (at === pool.length) {
      pool = randomBytes(POOL);
      at = 0;
    }
    const byte = pool[at] ?? 0;
    at += 1;
    return byte / 256;
  });
}
