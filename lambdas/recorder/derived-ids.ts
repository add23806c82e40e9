import { createHash } from "node:crypto";
import { encodeTime } from "ulid";

/** Crockford's base 32, as ULIDs have it. */
const BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_LENGTH = 10;

/**
 * ULIDs that follow from a change of a stream: the same change gives the same ids in the same order, so a change that is
 * delivered again writes the same records again, which the ledger knows as one.
 *
 * @param eventId of the stream's record
 */
export function derivedIds(eventId: string): (time: number) => string {
  let count = 0;
  return (time) => {
    const tail = createHash("sha256").update(eventId).update(`|${count}`).digest();
    // What comes later in one change sorts later.
    tail[0] = count;
    count += 1;
    return encodeTime(time, TIME_LENGTH) + base32(tail.subarray(0, 10));
  };
}

const base32 = (bytes: Uint8Array): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)]).join("");
};
