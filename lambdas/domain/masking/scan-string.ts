import { continued, mayOpen } from "./block.ts";
import { mask } from "./compile.ts";
import { hitsIn, hitsOf, passes, plainHits } from "./hits.ts";
import type { Name } from "./member-names.ts";
import type { Found, Hit } from "./merge.ts";
import { isPlaceholder } from "./placeholder.ts";
import { isIdentifier, readsAsSecret } from "./reads-secret.ts";
import type { Rule } from "./rule.ts";
import type { Depths, Scan } from "./scan.ts";
import { scanBlob } from "./scan-blob.ts";
import { scanJson } from "./scan-json.ts";
import { settle } from "./settle.ts";

/** How often JSON is looked for inside a string of JSON; deeper it is read as text. */
const DEEPEST_INNER = 4;
/** Nothing shorter is a secret without a name that says so. */
const SHORTEST = 5;
const SHORTEST_NUMBER = 11;

/**
 * What must be replaced in a decoded string, in its own offsets and order. JSON inside it is read as JSON.
 *
 * @param isSeen whether the latest look at the signs was at this string
 */
export function scanString(value: string, name: Name, scan: Scan, depths: Depths, isSeen = false): readonly Found[] {
  const field = fieldOf(value, name);
  if ((!field || name.mayBeJson) && depths.inner < DEEPEST_INNER && isJsonContainer(value))
    return scanJson(value, scan, { ...depths, inner: depths.inner + 1 }, undefined, field && name);
  if (!field && name.isBlob) {
    const blob = scanBlob(value, scan, depths);
    if (blob !== undefined) return blob;
  }
  const block = blockIn(value, scan);
  if (value.length < SHORTEST && scan.always.length === 0 && !field && block.length === 0) return [];
  const given: readonly Hit[] = field ? [{ start: 0, end: value.length, kind: field.kind }] : block;
  // A field's own rule is the most general of those that find the same.
  let isFirst = isSeen;
  const find = (text: string) => {
    const own =
      text === value ? given.filter((hit) => !passes(text, hit, scan.masking)) : fieldAgain(text, field, scan);
    const hits = hitsIn(text, scan, depths.depth, isFirst);
    isFirst = false;
    return inPreference([...own, ...hits], scan);
  };
  return settle(value, find).map((hit) => foundOf(hit, value, scan));
}

/** The rule by which a value is secret as a whole, whatever is in it. */
export function fieldOf(value: string, { field, maybe, isInherited }: Name): Rule | undefined {
  if ((field === undefined && maybe === undefined) || value === "" || isPlaceholder(value)) return undefined;
  if (isInherited && isIdentifier(value)) return undefined;
  return field ?? (maybe !== undefined && readsAsSecret(value, maybe.asKey) ? maybe.rule : undefined);
}

/** As it is replaced by its mask. */
export const foundOf = ({ start, end, kind }: Hit, value: string, { keyedHash }: Scan): Found => ({
  start,
  end,
  kind,
  replacement: mask(kind),
  tag: keyedHash(value.slice(start, end)),
});

/** What is left of a value under a secret's name must be one mask, or it is masked whole. */
function fieldAgain(text: string, field: { readonly kind: string } | undefined, { masking }: Scan): readonly Hit[] {
  if (field === undefined) return [];
  const whole = { start: 0, end: text.length, kind: field.kind };
  return passes(text, whole, masking) ? [] : [whole];
}

/** A block that an earlier string opened goes on here; one that opens here is remembered. */
function blockIn(value: string, scan: Scan): readonly Hit[] {
  const { open } = scan;
  if (open === undefined && !mayOpen(value, scan.masking.masks)) return [];
  const { span, open: now } = continued(value, open);
  scan.open = now;
  return span === undefined ? [] : [span];
}

/** A number has no room for a mask: it becomes 0. */
export function scanNumber(source: string, name: Name, scan: Scan): readonly Found[] {
  const { always, masking } = scan;
  // Beneath a secret, `minLength` counts.
  const field = name.isInherited && name.role !== "labelled" ? undefined : name.field;
  const digits = wholeOf(source);
  // Shorter numbers are somebody's only by their name, and what is counted or measured has a point.
  if (digits !== undefined) masking.signs.look(digits, 0, digits.length);
  const isSeen = digits !== undefined && masking.signs.sawAny();
  if ((!field && !isSeen && always.length === 0) || Number(source) === 0) return [];
  const hits = [
    ...(isSeen ? plainHits(digits, { masking, always: [] }) : []),
    ...(always.length > 0 ? hitsOf(source, always, scan) : []),
    ...(field ? [{ start: 0, end: source.length, kind: field.kind }] : []),
  ].map((hit) => ({ ...hit, start: 0, end: source.length }));
  const hit = inPreference(
    hits.filter((found) => !passes(source, found, masking)),
    scan,
  )[0];
  return hit ? [{ ...hit, replacement: "0", tag: scan.keyedHash(source) }] : [];
}

/** The digits of a long whole number, also of one that a table of floating points made `4.111111111111111e15`. */
function wholeOf(source: string): string | undefined {
  if (source.length < SHORTEST_NUMBER) {
    if (!/[eE]/.test(source)) return undefined;
  } else if (/^-?[0-9]+$/.test(source)) return source;
  else if (/^-?[0-9]+\.0*[1-9][0-9]*$/.test(source)) return undefined;
  const number = Number(source);
  return Number.isSafeInteger(number) && Math.abs(number) >= 10 ** (SHORTEST_NUMBER - 1) ? String(number) : undefined;
}

function inPreference(hits: readonly Hit[], { masking }: Scan): readonly Hit[] {
  if (hits.length < 2) return hits;
  const { ranks } = masking;
  return hits.toSorted((a, b) => (ranks.get(a.kind) ?? 0) - (ranks.get(b.kind) ?? 0));
}

export function isJsonContainer(value: string): boolean {
  if (!beginsJson(value, 0)) return false;
  const first = /^\s{0,64}([[{])/.exec(value)?.[1];
  // `[PASSWORD]` and other bracketed text would cost a thrown error each.
  if (first === undefined || !/[\]}]\s{0,64}$/.test(value.slice(-66))) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a string begins as JSON does, or as blank or escaped text that JSON may be in. */
export function beginsJson(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x7b || code === 0x5b || code <= 0x20 || code === 0x5c;
}
