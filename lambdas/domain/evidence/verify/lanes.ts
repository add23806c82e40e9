import type { KeyObject } from "node:crypto";
import { NO_PREVIOUS } from "../line.ts";
import type { LedgerRecord } from "../record.ts";
import { attestationText, attestedBy, signedBy, writerKey } from "../signing.ts";
import type { Tally } from "./outcome.ts";

/** A record as the lanes look at it. */
export interface SeenRecord {
  readonly record: LedgerRecord;
  readonly hash: string;
  readonly signature: string;
  /** Whether a sound digest vouches for the very bytes. */
  readonly vouched: boolean;
  /** Whether a later digest was written since: what was recorded before it had its time to arrive. */
  readonly settled: boolean;
}

interface Link {
  readonly id: string;
  readonly hash: string;
  readonly previous: string;
  readonly signature: string;
  readonly vouched: boolean;
  readonly settled: boolean;
}

interface Lane {
  /** Undefined until its opening was seen; null when that was worth nothing. */
  key: KeyObject | null | undefined;
  /** Number of the next record of the unbroken run, and the hash that it must name. */
  next: number;
  hash: string;
  /** The last of the run: its signature vouches for all that it chains to. */
  head: Link | undefined;
  /** What came ahead of its turn: the archive keeps no order between sessions. */
  readonly ahead: Map<number, Link>;
}

/**
 * The writers' own order: numbers without a gap, each record naming the hash of the one before, and signed. A signature
 * covers all that its record chains to, so it is checked where the chain ends, for what does not take its turn in it, and
 * for all that no digest vouches for.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Lanes that were told to end, with the number that was in doubt. */
  readonly #closed = new Map<string, number>();
  readonly #unsigned: { readonly lane: Lane; readonly link: Link }[] = [];
  readonly #keys: readonly KeyObject[];
  readonly #tally: Tally;
  /** Records whose writer opened before what is looked at: their origin rests on the digest alone. */
  openedEarlier = 0;
  /** Numbers that are not here, and may be on their way, or before what is looked at. */
  awaited = 0;

  constructor(keys: readonly KeyObject[], tally: Tally) {
    this.#keys = keys;
    this.#tally = tally;
  }

  get size(): number {
    return this.#lanes.size;
  }

  add({ record, hash, signature, vouched, settled }: SeenRecord): void {
    const { id, writer } = record;
    const lane = this.#laneOf(writer.id);
    const link = { id, hash, previous: writer.previous, signature, vouched, settled };
    if (record.type === "writer.opened" && writer.seq === 0) this.#open(lane, record);
    if (record.closed !== undefined) this.#closed.set(record.closed.id, record.closed.seq);
    // A record that its writer did not sign takes no place in the chain, so that it casts no doubt on the next.
    if (!vouched && lane.key === undefined) this.#unsigned.push({ lane, link });
    else if (!vouched && !this.#checkSignature(lane, link)) return;
    if (writer.seq < lane.next || lane.ahead.has(writer.seq)) {
      // Archived twice, or another record that claims the number: only the signature can tell.
      if (vouched && hash !== lane.ahead.get(writer.seq)?.hash && hash !== lane.head?.hash)
        this.#checkSignature(lane, link);
      return;
    }
    lane.ahead.set(writer.seq, link);
    this.#advance(lane);
  }

  /**
   * Says what is missing or forged, once everything was seen.
   * @param whole whether everything since the first digest was looked at; else writers may have begun earlier
   */
  finish(whole: boolean): void {
    for (const [id, lane] of this.#lanes) {
      if (!whole && lane.next === 0 && lane.ahead.size > 0) this.#beginAtFirst(lane);
      while (lane.ahead.size > 0) this.#skipGap(id, lane, whole);
      if (lane.head !== undefined) this.#checkSignature(lane, lane.head);
    }
    for (const [id, seq] of this.#closed)
      if ((this.#lanes.get(id)?.next ?? 0) > seq + 1)
        this.#tally.find(
          "records",
          "altered",
          `writer ${id}`,
          `it goes on after number ${seq}, where it was told to have ended`,
        );
    for (const { lane, link } of this.#unsigned) this.#checkSignature(lane, link);
  }

  #laneOf(id: string): Lane {
    const found = this.#lanes.get(id);
    if (found !== undefined) return found;
    const lane: Lane = { key: undefined, next: 0, hash: NO_PREVIOUS, head: undefined, ahead: new Map() };
    this.#lanes.set(id, lane);
    return lane;
  }

  #open(lane: Lane, { id, component, signer }: LedgerRecord): void {
    const key = signer === undefined ? undefined : writerKey(signer.publicKey);
    const text = signer === undefined ? "" : attestationText(component, signer);
    const trusted =
      signer !== undefined && this.#keys.some((trustedKey) => attestedBy(trustedKey, text, signer.attestation));
    if (key === undefined || !trusted)
      this.#tally.find("records", "bad-signature", id, "the signing key does not vouch for this writer's key");
    lane.key ??= trusted ? (key ?? null) : null;
  }

  #advance(lane: Lane): void {
    for (let link = lane.ahead.get(lane.next); link !== undefined; link = lane.ahead.get(lane.next)) {
      lane.ahead.delete(lane.next);
      if (link.previous !== lane.hash)
        this.#tally.find(
          "records",
          "altered",
          link.id,
          "it does not follow the record before it in its writer's chain",
        );
      lane.next += 1;
      lane.hash = link.hash;
      lane.head = link;
    }
  }

  /** A lane that began before: its first record here is taken at the digest's word. */
  #beginAtFirst(lane: Lane): void {
    lane.next = Math.min(...lane.ahead.keys());
    lane.hash = lane.ahead.get(lane.next)?.previous ?? NO_PREVIOUS;
    this.#advance(lane);
  }

  #skipGap(id: string, lane: Lane, whole: boolean): void {
    const found = Math.min(...lane.ahead.keys());
    // Streams keep no order between sessions: a record may be sealed an hour before one that it follows.
    const judged = lane.ahead.get(found)?.settled && (whole || lane.key !== undefined);
    const span = found - 1 === lane.next ? `record ${lane.next}` : `records ${lane.next} to ${found - 1}`;
    if (judged) this.#tally.find("records", "gap", `writer ${id}, ${span}`, "its numbers go on without them");
    else this.awaited += found - lane.next;
    if (lane.head !== undefined) this.#checkSignature(lane, lane.head);
    lane.next = found;
    lane.hash = lane.ahead.get(found)?.previous ?? NO_PREVIOUS;
    this.#advance(lane);
  }

  #checkSignature(lane: Lane, { id, hash, signature, vouched }: Link): boolean {
    if (lane.key === undefined && vouched) {
      this.openedEarlier += 1;
      return true;
    }
    const signed = lane.key !== null && lane.key !== undefined && signedBy(lane.key, hash, signature);
    if (!signed) this.#tally.find("records", "bad-signature", id, "its writer did not sign it");
    return signed;
  }
}
