import { canonical, sha256Hex } from "../../json/canonical.ts";
import type { ListedObject } from "../digest.ts";
import { leafHash, splitLine } from "../line.ts";
import { treeHash } from "../merkle.ts";
import { isQuarantined, leafOf } from "../quarantine.ts";
import type { LedgerRecord, RecordQuarantine, Sealed } from "../record.ts";
import type { Tally } from "./outcome.ts";
import { unpacked } from "./source.ts";

/** Newly masked copies that were met, and the orders for them: one may come long after the other. */
export class Quarantines {
  readonly #copies: { readonly id: string; readonly named: RecordQuarantine; readonly hash: string }[] = [];
  readonly #orders = new Map<string, RecordQuarantine>();

  get size(): number {
    return new Set(this.#copies.map(({ id }) => id)).size;
  }

  add(record: LedgerRecord, text: string): void {
    const { id, quarantined } = record;
    if (quarantined === undefined) return;
    if (isQuarantined(record)) this.#copies.push({ id, named: quarantined, hash: leafHash(text) });
    else this.#orders.set(id, quarantined);
  }

  /** Says which copies nobody ordered. */
  finish(tally: Tally): void {
    for (const { id, named, hash } of this.#copies) {
      const order = this.#orders.get(named.record);
      if (order?.record !== id || order.hash !== named.hash || order.copy !== hash)
        tally.find("records", "altered", id, "another text stands in its place, and no order to quarantine it says so");
    }
  }
}

/**
 * Whether an object whose bytes are not those that were signed holds the very records that were, some of them out of sight
 * behind newly masked copies: then its records still give the root.
 */
export const standsForListed = (bytes: Uint8Array, object: ListedObject): boolean =>
  stands(bytes, object, (line) => {
    const text = splitLine(line)?.text;
    return text === undefined ? undefined : leafOf(text, JSON.parse(text));
  });

/** The same of the sealed vault, whose lines hold the sealed originals that their records name. */
export const standsForSealed = (bytes: Uint8Array, object: ListedObject): boolean =>
  stands(bytes, object, (line) => {
    const { record, sealed } = JSON.parse(line) as { readonly record: LedgerRecord; readonly sealed: Sealed };
    const named = (["request", "response"] as const).every(
      (part) => sealed[part] === undefined || sha256Hex(sealed[part]) === record[part]?.sealedHash,
    );
    return named ? leafOf(canonical(record), record) : undefined;
  });

function stands(bytes: Uint8Array, object: ListedObject, leaf: (line: string) => string | undefined): boolean {
  const text = unpacked(bytes)?.toString("utf8");
  if (!text?.includes('"quarantined":{')) return false;
  try {
    const leaves = text.split("\n").flatMap((line) => (line === "" ? [] : [leaf(line) ?? ""]));
    return leaves.length === object.records && treeHash(leaves) === object.root;
  } catch {
    // Not the JSON that a vault holds.
    return false;
  }
}
