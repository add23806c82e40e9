import { madeOnce, Remembered } from "../remembered.ts";
import type { OpenBlock } from "./block.ts";
import type { KeyedHash, MaskingRules } from "./finding.ts";
import { type Finder, hitsIn } from "./hits.ts";
import { NAMELESS, type Name } from "./member-names.ts";
import { merge } from "./merge.ts";
import { isAbout, roleOf } from "./roles.ts";
import { scanString } from "./scan-string.ts";
import { settle } from "./settle.ts";

/** Names whose meaning is kept: honest ones repeat, and a million others must not fill the memory. */
const MOST_NAMES = 1000;
/** Characters of a name that is kept beyond its document. */
const LONGEST_NAME = 64;
/** Longer labels are sentences. */
const LONGEST_LABEL = 128;
/** What is not numbered alone. */
const WORD = /[^\0-@[-`{-\x7f]{2}/;
/** No shipped rule finds anything in less. */
const SHORTEST_SECRET = 5;

/** What one run over a document needs to know. */
export interface Scan extends Finder {
  readonly keyedHash: KeyedHash;
  /** What a member's name tells. */
  readonly nameOf: (name: string) => Name;
  /** What a value goes by that is named by the text of a member beside it. */
  readonly nameOfLabel: (label: string) => Name;
  /** The block that an earlier string opened and none has closed. */
  open: OpenBlock;
}

/** How often the text at hand was taken out of a string of JSON, and how often it was decoded. */
export interface Depths {
  readonly inner: number;
  readonly depth: number;
}

export const OUTERMOST: Depths = { inner: 0, depth: 0 };

export function scanOf(masking: MaskingRules, keyedHash: KeyedHash, open: OpenBlock): Scan {
  const unsigned = unsignedOf(masking);
  // Decoded, a text may hold what its source gave no hint of.
  const kindWithin: Finder["kindWithin"] = (decoded, depth) =>
    scanString(decoded, NAMELESS, { ...scan, always: unsigned, open: undefined }, { inner: 1, depth })[0]?.kind;
  const scan: Scan = {
    masking,
    always: unsigned,
    keyedHash,
    nameOf: namesOf(masking, kindWithin),
    nameOfLabel: labelsOf(masking),
    open,
    kindWithin,
  };
  return scan;
}

/** Positions of the rules that are asked about every text: an adopter's own among them. */
const unsignedOf = madeOnce(({ rules }: MaskingRules) =>
  rules.flatMap((rule, at) => (rule.signs === undefined && rule.digits === undefined ? [at] : [])),
);

function namesOf(masking: MaskingRules, kindWithin: Finder["kindWithin"]): (name: string) => Name {
  const honest = honestNames(masking);
  const others = new Remembered<string, Name>(MOST_NAMES);
  return (name) => {
    const before = honest.get(name) ?? others.get(name);
    if (before !== undefined) return before;
    const read = readName(name, masking, kindWithin);
    const kept = name.length <= LONGEST_NAME && read.hits.length === 0 ? honest : others;
    kept.set(name, read);
    return read;
  };
}

/** Short names without a secret, which outlive their document: the next one has most of them again. */
const honestNames = madeOnce((_: MaskingRules) => new Remembered<string, Name>(MOST_NAMES));

/**
 * What labels tell of the values beside them, without the secrets in them: labels are values, masked as such, and
 * forgotten with their document.
 */
function labelsOf(masking: MaskingRules): (label: string) => Name {
  const known = new Remembered<string, Name>(MOST_NAMES);
  return (label) => {
    if (label.length > LONGEST_LABEL || !WORD.test(label)) return NAMELESS;
    const name = label.replace(/[\s:：=*]{1,8}$/, "");
    const read = known.get(name) ?? { ...NAMELESS, ...meaningOf(name, masking) };
    known.set(name, read);
    return read;
  };
}

function readName(name: string, masking: MaskingRules, kindWithin: Finder["kindWithin"]): Name {
  const always = unsignedOf(masking);
  const find = (text: string) => hitsIn(text, { masking, always, kindWithin }, 0);
  const hits =
    (name.length < SHORTEST_SECRET && always.length === 0) || isOurs(name, masking) ? [] : merge(settle(name, find));
  const { field, maybe } = meaningOf(name, masking);
  const role = roleOf(name);
  return {
    field,
    // An id and its key: `{"AKIA…": "…"}`.
    maybe: maybe ?? (hits.some(({ kind }) => masking.credentials.has(kind)) ? keyBeside(masking) : undefined),
    isInherited: false,
    hits,
    role,
    isAbout: isAbout(name, role),
    mayBeJson: /(?:string|binary)$/i.test(name),
    isBlob: name === "blob" || name === "data",
  };
}

/** A name as it stands, and without what says how its value is written: `SecretString`, `tokenValue`. */
function meaningOf(name: string, { rules }: MaskingRules): Pick<Name, "field" | "maybe"> {
  const bare = name.replace(/(?<=[a-z])(?:Value|String|Binary)$|[_-](?:value|string|binary)$/, "");
  const field = rules.find((rule) => rule.field?.(name) || (bare !== name && rule.field?.(bare)));
  if (field !== undefined) return { field, maybe: undefined };
  for (const rule of rules) {
    const how = rule.maybeField?.(bare);
    if (how !== undefined) return { field, maybe: { rule, asKey: how === "key" } };
  }
  return { field, maybe: undefined };
}

const keyBeside = ({ rules }: MaskingRules): Name["maybe"] => {
  const rule = rules.find(({ kind }) => kind === "SECRET");
  return rule && { rule, asKey: true };
};

/** A name that an earlier masking gave: the number that keeps it apart is nobody's. */
const isOurs = (name: string, { masks }: MaskingRules) => {
  const [, mask] = /^(\[[A-Z0-9_]{1,64}\]) [0-9]{1,3}$/.exec(name) ?? [];
  return mask !== undefined && masks.has(mask);
};
