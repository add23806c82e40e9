import type { KeyObject } from "node:crypto";
import { sha256Hex } from "../../json/canonical.ts";
import {
  type Digest,
  type DigestContents,
  digestKey,
  digestText,
  HOUR,
  objectLeaf,
  type SignedDigest,
} from "../digest.ts";
import { treeHash } from "../merkle.ts";
import { attestedBy } from "../signing.ts";
import type { Tally } from "./outcome.ts";
import { jsonIn, type Source, unpacked } from "./source.ts";

/** Keys that are trusted, and from when on. */
export interface Trust {
  readonly keys: readonly KeyObject[];
  /** Milliseconds: the first hour whose digest a key may sign. One that is not in it signs from ever. */
  readonly validFrom: ReadonlyMap<KeyObject, number>;
}

const firstHourOf = (key: KeyObject, { validFrom }: Trust) => validFrom.get(key) ?? Number.NEGATIVE_INFINITY;

/** Whether a key was replaced by then: its time ends where that of the next one begins. */
const isReplaced = (key: KeyObject, hour: number, trust: Trust) =>
  trust.keys.some((next) => firstHourOf(next, trust) <= hour && firstHourOf(next, trust) > firstHourOf(key, trust));

/** The stretch of digests that is looked at. */
export interface Span {
  /** Hours (milliseconds) of the digests that are there, in order. */
  readonly hours: readonly number[];
  /** Whether the first is expected to be the first ever written. */
  readonly fromTheBeginning: boolean;
  /** The last hour whose digest must be there; null when the last one found is the end. */
  readonly until: number | null;
}

/** What a digest vouches for. */
export interface Sealed {
  readonly hour: number;
  readonly digest: Digest;
  readonly contents: DigestContents;
}

/**
 * Walks the chain of digests and yields what each vouches for: signature, place, link to the one before, list and root
 * are checked before. A digest that fails vouches for nothing.
 */
export async function* soundDigests(
  source: Source,
  trust: Trust,
  { hours, fromTheBeginning, until }: Span,
  tally: Tally,
): AsyncGenerator<Sealed> {
  const missing = (hour: number, why: string) => tally.find("digests", "missing", digestKey(hour), why);
  let before: { readonly hour: number; readonly hash: string } | undefined;
  for (const hour of hours) {
    const key = digestKey(hour);
    const signed = await signedDigest(source, hour, trust, tally);
    if (signed === undefined) {
      before = undefined;
      continue;
    }
    const { digest } = signed;
    const named = digest.previous;
    const isFirst = hour === hours[0];
    if (isFirst && fromTheBeginning && named !== null)
      missing(Date.parse(named.hour), "the first digest that is here names one before it");
    if (!isFirst && named === null)
      tally.find("digests", "gap", key, "it names no digest before it, and there is one: the chain begins anew");
    if (named !== null && before !== undefined) {
      for (let lost = before.hour + HOUR; lost < hour; lost += HOUR) missing(lost, "an hour without its digest");
      if (before.hour === hour - HOUR && named.hash !== before.hash)
        tally.find("digests", "gap", key, "it names another digest before it than the one that is here");
    }
    before = { hour, hash: sha256Hex(digestText(digest)) };
    const contents = await contentsOf(source, digest, tally);
    if (contents === undefined) continue;
    tally.add("digests", "ok");
    yield { hour, digest, contents };
  }
  const last = hours.at(-1);
  if (until !== null)
    for (let lost = last === undefined ? until : last + HOUR; lost <= until; lost += HOUR)
      missing(lost, "the tail is missing: nothing vouches for this hour");
}

async function signedDigest(source: Source, hour: number, trust: Trust, tally: Tally) {
  const key = digestKey(hour);
  const bytes = await source.read(key);
  const signed = bytes === undefined ? undefined : (jsonIn(bytes) as SignedDigest | undefined);
  if (typeof signed?.digest !== "object" || typeof signed.signature !== "string") {
    tally.find("digests", "altered", key, "it cannot be read: half a download, or no digest");
    return undefined;
  }
  const text = digestText(signed.digest);
  const signers = trust.keys.filter((trusted) => attestedBy(trusted, text, signed.signature));
  if (signed.digest.purpose !== "countersign-digest" || signers.length === 0) {
    tally.find("digests", "bad-signature", key, "no key that is trusted has signed it");
    return undefined;
  }
  if (signed.digest.key !== key) {
    tally.find("digests", "moved", key, `it was written as ${signed.digest.key}`);
    return undefined;
  }
  // Whoever gets hold of a later key must not write an earlier history with it.
  const begun = signers.filter((signer) => hour >= firstHourOf(signer, trust));
  if (begun.length === 0) {
    tally.find("digests", "bad-signature", key, "the key that signed it is valid from a later hour on");
    return undefined;
  }
  // And whoever gets hold of one that was replaced must not write what comes after.
  if (begun.every((signer) => isReplaced(signer, hour, trust))) {
    tally.find("digests", "bad-signature", key, "the key that signed it was replaced by then");
    return undefined;
  }
  return signed;
}

async function contentsOf(
  source: Source,
  { contents, root }: Digest,
  tally: Tally,
): Promise<DigestContents | undefined> {
  const bytes = await source.read(contents.key);
  if (bytes === undefined) {
    tally.find("digests", "missing", contents.key, "the list of what a digest seals");
    return undefined;
  }
  const text = unpacked(bytes)?.toString("utf8");
  if (text === undefined || sha256Hex(text) !== contents.hash) {
    tally.find("digests", "altered", contents.key, "the list is not the one that was signed");
    return undefined;
  }
  const listed = JSON.parse(text) as DigestContents;
  if (treeHash(listed.objects.map(objectLeaf)) !== root) {
    tally.find("digests", "altered", contents.key, "the list does not give the root that was signed");
    return undefined;
  }
  return listed;
}
