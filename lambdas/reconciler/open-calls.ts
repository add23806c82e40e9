import type { Vault } from "../aws/vault.ts";
import { hashedText, leafHash } from "../domain/evidence/line.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { settles } from "../domain/evidence/unresolved.ts";

/** A call that was received, with the hash of the record that says so. */
export interface OpenCall {
  readonly received: LedgerRecord;
  readonly hash: string;
}

/** The calls in some objects of the masked vault that no record in them settles, in the order in which they were received. */
export async function openCalls(vault: Vault, keys: readonly string[]): Promise<OpenCall[]> {
  const received = new Map<string, OpenCall>();
  const ends = new Map<string, LedgerRecord[]>();
  for (const key of keys)
    for (const line of (await vault.get(key)).split("\n")) {
      // Most lines are neither, and parsing is what costs.
      if (!line.includes('"type":"call.') && !line.includes('"outcome":"detached"')) continue;
      const text = hashedText(line);
      const record = JSON.parse(text) as LedgerRecord;
      if (record.call === undefined) continue;
      if (record.type === "call.received") received.set(record.call, { received: record, hash: leafHash(text) });
      else ends.set(record.call, [...(ends.get(record.call) ?? []), record]);
    }
  return [...received.values()]
    .filter((call) => !(ends.get(call.received.call ?? "") ?? []).some((end) => settles(end, call.received)))
    .sort((one, other) => (one.received.id < other.received.id ? -1 : 1));
}
