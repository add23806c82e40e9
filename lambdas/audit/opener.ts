import type { OpenedKey } from "../aws/forensic-key.ts";
import { openingSession } from "../domain/evidence/opening.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import { openOriginal } from "../domain/evidence/sealed-original.ts";
import type { Writer } from "../domain/evidence/writer.ts";

/** Opens one sealed original of a call. */
export type Open = (jwe: string, call: string) => Promise<string>;

/**
 * Opens sealed originals so that each use of the forensic key has its record before anything opened by it is shown. The record
 * is found by KMS's own id of the request, which CloudTrail tells of too: a use without one was not the gateway's.
 *
 * @param because who opens, why, and what: a record, a session, or the record of a search
 */
export function recordedOpener(
  openKey: (wrapped: string) => Promise<OpenedKey>,
  writer: Writer,
  now: () => number,
  because: Partial<Pick<RecordEntry, "principal" | "source" | "target" | "reason">> = {},
): Open {
  /** Originals of a session mostly share their content keys: each is opened once. */
  const opened = new Map<string, Promise<Uint8Array>>();
  const unwrap = async (wrapped: string, call: string): Promise<Uint8Array> => {
    const { plain, kmsRequest } = await openKey(wrapped);
    await writer.append({
      ...because,
      type: "seal.opened",
      occurredAt: new Date(now()).toISOString(),
      session: openingSession(kmsRequest),
      call,
      outcome: "opened",
    });
    return plain;
  };
  return async (jwe, call) => {
    let failed: unknown;
    try {
      return await openOriginal(jwe, call, async (wrapped) => {
        const known = opened.get(wrapped) ?? unwrap(wrapped, call);
        opened.set(wrapped, known);
        return known.catch((cause: unknown) => {
          failed = cause;
          throw cause;
        });
      });
    } catch (cause) {
      // A key or a ledger that does not answer says nothing of the seal.
      throw failed ?? cause;
    }
  };
}
