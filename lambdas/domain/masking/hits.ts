import { decodedRuns } from "./base64.ts";
import { unescaped } from "./escapes.ts";
import type { MaskingRules } from "./finding.ts";
import type { Hit } from "./merge.ts";
import { findNear } from "./near.ts";
import type { Rule } from "./rule.ts";

/** How often text is decoded that was found by decoding. */
const DEEPEST_CODE = 3;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Drawn at random, it holds the digits of many a number, and nobody's. */
export const isUuid = (text: string) => text.length === 36 && UUID.test(text);

/** Longer texts are not searched whole, but around the signs in them. */
const LONG = 4096;

/** What looking for hits needs to know. */
export interface Finder {
  readonly masking: MaskingRules;
  /** Positions of rules that have no signs and must be asked about every text. */
  readonly always: readonly number[];
  /** Kind of the first secret in a decoded text, however it is made up. */
  readonly kindWithin: (decoded: string, depth: number) => string | undefined;
}

/**
 * What the rules find in a text as it stands; without what may pass. Sorted by preference: it decides between equals.
 *
 * @param isSeen whether the latest look at the signs was at this text
 */
export function plainHits(
  text: string,
  { masking, always }: Pick<Finder, "masking" | "always">,
  among?: (rule: Rule) => boolean,
  isSeen = false,
): readonly Hit[] {
  const { rules, signs } = masking;
  if (!isSeen) signs.look(text, 0, text.length);
  const seen = always.length === 0 ? signs.seen() : [...signs.seen(), ...always].sort((a, b) => a - b);
  return hitsOf(text, among === undefined ? seen : seen.filter((at) => among(rules[at] as Rule)), { masking });
}

/** What some of the rules find in a text. */
export function hitsOf(text: string, asked: readonly number[], { masking }: Pick<Finder, "masking">): readonly Hit[] {
  const { rules, signs } = masking;
  const hits: Hit[] = [];
  const ofNobody = isUuid(text);
  let places: ReadonlyMap<number, readonly number[]> | undefined;
  for (const at of asked) {
    const rule = rules[at];
    if (rule === undefined || (ofNobody && rule.digits !== undefined)) continue;
    if (text.length > LONG && rule.reach !== undefined) places ??= signs.places(text);
    const near = rule.reach === undefined ? undefined : places?.get(at);
    const spans = near === undefined ? rule.find(text) : findNear(rule, text, near, rule.reach ?? 0);
    for (const { start, end } of spans) {
      const hit = { start, end, kind: rule.kind };
      if (!passes(text, hit, masking)) hits.push(hit);
    }
  }
  return hits;
}

/**
 * What the rules find in a text, and in what it says when its escapes and its base64 are read.
 *
 * @param depth how often this text was decoded
 * @param isSeen whether the latest look at the signs was at this text
 * @throws RangeError when it is encoded so deeply that it was made to hide something
 */
export function hitsIn(text: string, finder: Finder, depth: number, isSeen = false): readonly Hit[] {
  const hits = [...plainHits(text, finder, undefined, isSeen)];
  if (finder.masking.signs.sawEscape()) {
    const read = unescaped(text);
    if (read !== undefined && read.text !== text) {
      refuseDeeper(depth);
      for (const { start, end, kind } of hitsIn(read.text, finder, depth + 1)) {
        const hit = { ...read.original(start, end), kind };
        if (!passes(text, hit, finder.masking)) hits.push(hit);
      }
    }
  }
  hits.push(...encodedHits(text, finder, depth));
  return hits;
}

/** The base64 in a text that holds a secret. */
export function encodedHits(text: string, { kindWithin }: Pick<Finder, "kindWithin">, depth: number): readonly Hit[] {
  const hits: Hit[] = [];
  for (const { start, end, texts } of decodedRuns(text)) {
    refuseDeeper(depth);
    const said = texts.values().map((each) => kindWithin(each, depth + 1));
    const kind = said.find((each) => each !== undefined);
    if (kind !== undefined) hits.push({ start, end, kind });
  }
  return hits;
}

function refuseDeeper(depth: number): void {
  if (depth >= DEEPEST_CODE) throw new RangeError(`encoded more than ${DEEPEST_CODE} times`);
}

/** Whether a find is one of our own masks, or on the allow-list. */
export function passes(value: string, { start, end, kind }: Hit, { masks, allow }: MaskingRules): boolean {
  const text = value.slice(start, end);
  return masks.has(text) || allow.some((entry) => entry.kind === kind && entry.value.test(text));
}
