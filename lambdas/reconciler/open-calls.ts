import { hashedText, leafHash } from "../domain/evidence/line.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { type CallEnd, settles } from "../domain/evidence/unresolved.ts";
import type { LineReader } from "./look-through.ts";

/** A call that was received, with the hash of the record that says so. */
export interface OpenCall {
  readonly received: LedgerRecord;
  readonly hash: string;
}

/**
 * Finds the calls that no record in some hours of the masked vault settles, in the order in which they were received. Of
 * what is over it keeps a few words, so that memory does not grow with bodies.
 */
export function openCalls(hours: readonly number[]): LineReader & { readonly open: () => OpenCall[] } {
  const open = new Map<string, OpenCall>();
  const ends = new Map<string, CallEnd[]>();
  return {
    hours,
    take(line) {
      // Most lines are neither, and parsing is what costs.
      if (!line.includes('"type":"call.') && !line.includes('"outcome":"detached"')) return;
      const text = hashedText(line);
      const { request: _, response: __, ...record } = JSON.parse(text) as LedgerRecord;
      const { call, type, sender, outcome } = record;
      if (call === undefined) return;
      const known = ends.get(call) ?? [];
      if (type === "call.received") {
        if (!known.some((end) => settles(end, record))) open.set(call, { received: record, hash: leafHash(text) });
        return;
      }
      ends.set(call, [...known, { type, call, outcome, ...(sender === undefined ? {} : { sender }) }]);
      const begun = open.get(call);
      if (begun !== undefined && settles(record, begun.received)) open.delete(call);
    },
    open: () => [...open.values()].sort((one, other) => (one.received.id < other.received.id ? -1 : 1)),
  };
}
