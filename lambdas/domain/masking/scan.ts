import { madeOnce, Remembered } from "../remembered.ts";
import type { OpenBlock } from "./block.ts";
import type { KeyedHash, MaskingRules } from "./finding.ts";
import { type Finder, plainHits } from "./hits.ts";
import { NAMELESS, type Name, roleOf } from "./member-names.ts";
import { merge } from "./merge.ts";
import { scanString } from "./scan-string.ts";
import { settle } from "./settle.ts";

/** Names whose meaning is kept: honest ones repeat, and a million others must not fill the memory. */
const MOST_NAMES = 1000;
/** Characters of a name that is kept beyond its document. */
const LONGEST_NAME = 64;
/** An escape of a printable ASCII character: with one in it, the source text proves nothing about what it says. */
const ESCAPED_ASCII = /\\u00[2-7]/i;

/** What one run over a document needs to know. */
export interface Scan extends Finder {
  readonly keyedHash: KeyedHash;
  /** What a member's name tells. */
  readonly nameOf: (name: string) => Name;
  /** The block that an earlier string opened and none has closed. */
  open: OpenBlock;
}

/** How often the text at hand was taken out of a string of JSON, and how often it was decoded. */
export interface Depths {
  readonly inner: number;
  readonly depth: number;
}

export const OUTERMOST: Depths = { inner: 0, depth: 0 };

export function scanOf(source: string, masking: MaskingRules, keyedHash: KeyedHash, open: OpenBlock): Scan {
  const unsigned = masking.rules.flatMap((rule, at) =>
    rule.signs === undefined && rule.digits === undefined ? [at] : [],
  );
  const isBlind = ESCAPED_ASCII.test(source);
  const scan: Scan = {
    masking,
    always: isBlind ? unsigned : unsigned.filter((at) => masking.rules[at]?.mayOccurIn(source) === true),
    keyedHash,
    nameOf: namesOf(masking),
    open,
    // Decoded, a text may hold what its source gave no hint of.
    kindWithin: (decoded, depth) =>
      scanString(decoded, NAMELESS, { ...scan, always: unsigned, open: undefined }, { inner: 1, depth })[0]?.kind,
  };
  return scan;
}

function namesOf(masking: MaskingRules): (name: string) => Name {
  const honest = honestNames(masking);
  const others = new Remembered<string, Name>(MOST_NAMES);
  return (name) => {
    const before = honest.get(name) ?? others.get(name);
    if (before !== undefined) return before;
    const read = readName(name, masking);
    const kept = name.length <= LONGEST_NAME && read.hits.length === 0 ? honest : others;
    kept.set(name, read);
    return read;
  };
}

/** Short names without a secret, which outlive their document: the next one has most of them again. */
const honestNames = madeOnce((_: MaskingRules) => new Remembered<string, Name>(MOST_NAMES));

function readName(name: string, masking: MaskingRules): Name {
  const find = (text: string) => plainHits(text, { masking, always: [] });
  return {
    field: masking.rules.find((rule) => rule.field?.(name)),
    hits: name.length < 5 ? [] : merge(settle(name, find)),
    role: roleOf(name),
    isBlob: name === "blob",
  };
}
