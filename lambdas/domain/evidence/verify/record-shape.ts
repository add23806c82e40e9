import type { LedgerRecord } from "../record.ts";
import { type Check, having, isCount, isText, optional, orNull } from "./shape.ts";

/** A key that may be asked for, of a bucket and of a folder. */
const isBodyKey: Check = (value) => typeof value === "string" && /^bodies(?:\/[!-.0-~]{1,255}){1,3}$/.test(value);
const isBody = having({ key: orNull(isBodyKey), sealedHash: orNull(isText) });

/** What verifying reads of a record. */
const isRecord = having({
  id: isText,
  type: isText,
  component: isText,
  writer: having({ id: isText, seq: isCount, previous: isText }),
  signer: optional(having({ publicKey: isText, openedAt: isText, attestation: isText })),
  closed: optional(having({ id: isText, seq: isCount })),
  quarantined: optional(having({ record: isText, hash: isText, copy: orNull(isText) })),
  request: optional(isBody),
  response: optional(isBody),
});

/** The record in a line's text; undefined where it is none. It is not yet known who wrote it. */
export function recordIn(text: string): LedgerRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as LedgerRecord) : undefined;
  } catch {
    return undefined;
  }
}
