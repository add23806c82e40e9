import { sha256Hex } from "../../json/canonical.ts";
import { type Digest, type DigestContents, digestKey, digestText, HOUR } from "../digest.ts";
import { contentsOf, digestAt, type Trust } from "./digest-at.ts";
import type { Tally } from "./outcome.ts";
import type { Source } from "./source.ts";

/** The stretch of digests that is looked at. */
export interface Span {
  /** Hours (milliseconds) of the digests that are there, in order. */
  readonly hours: readonly number[];
  /** The first hour that is looked at; null when the first digest found is to be the first ever written. */
  readonly from: number | null;
  /** Whether digests of hours before that are there. */
  readonly others: boolean;
  /** The last hour whose digest must be there; null when the last one found is the end. */
  readonly until: number | null;
}

/** What a digest vouches for. */
export interface Sealed {
  readonly hour: number;
  readonly digest: Digest;
  readonly contents: DigestContents;
}

const ABSENT = "an hour without its digest, and a later one has one before it";

/**
 * Walks the chain of digests and yields what each vouches for: signature, place, link to the one before, list and root
 * are checked before. A digest that fails vouches for nothing.
 */
export async function* soundDigests(
  source: Source,
  trust: Trust,
  { hours, from, others, until }: Span,
  tally: Tally,
): AsyncGenerator<Sealed> {
  const missing = (hour: number, why: string) => tally.find("digests", "missing", digestKey(hour), why);
  // A chain that began earlier has a digest in every hour that is looked at; of one that did not, nobody knows since when.
  const begun = others ? from : null;
  const there = new Set(hours);
  let isFirstSound = true;
  let before: { readonly hour: number; readonly hash: string } | undefined;
  /** Hours without a digest since the last sound one: an unsound one tells nothing of them. */
  let absent: number[] = [];
  let looked = hours[0];
  for (const hour of hours) {
    const key = digestKey(hour);
    absent.push(...hoursBetween((looked ?? hour) + HOUR, hour));
    looked = hour;
    const judged = await digestAt(source, hour, trust);
    if ("outcome" in judged) {
      tally.find("digests", judged.outcome, judged.what, judged.why);
      before = undefined;
      continue;
    }
    const { digest } = judged.signed;
    const named = digest.previous;
    if (named !== null) {
      const first = begun ?? Math.max(Date.parse(named.hour), from ?? 0);
      const earlier = isFirstSound ? hoursBetween(first, hour).filter((one) => !there.has(one)) : [];
      for (const one of new Set([...earlier, ...absent])) missing(one, ABSENT);
    }
    isFirstSound = false;
    absent = [];
    if (named === null && (hour !== hours[0] || (begun !== null && hour > begun)))
      tally.find("digests", "gap", key, "it names no digest before it, and there is one: the chain begins anew");
    if (named !== null && before?.hour === hour - HOUR && named.hash !== before.hash)
      tally.find("digests", "gap", key, "it names another digest before it than the one that is here");
    before = { hour, hash: sha256Hex(digestText(digest)) };
    const contents = await contentsOf(source, digest);
    if ("outcome" in contents) {
      tally.find("digests", contents.outcome, contents.what, contents.why);
      continue;
    }
    tally.add("digests", "ok");
    yield { hour, digest, contents };
  }
  // Behind the last sound one: what comes later is there, so these were once.
  if (!isFirstSound) for (const lost of absent) missing(lost, ABSENT);
  const last = hours.at(-1);
  if (until !== null)
    for (let lost = last === undefined ? (begun ?? until) : last + HOUR; lost <= until; lost += HOUR)
      missing(lost, "the tail is missing: nothing vouches for this hour");
}

/** From one hour on, up to another that is no part of them. */
const hoursBetween = (first: number, end: number) =>
  Array.from({ length: Math.max(0, Math.ceil((end - first) / HOUR)) }, (_, at) => first + at * HOUR);
