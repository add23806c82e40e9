import type { Path } from "../json/path.ts";
import { type Token, walk } from "../json/walk.ts";
import { mask } from "./compile.ts";
import { isEnvelope } from "./envelope.ts";
import type { KeyedHash, MaskingRules } from "./finding.ts";
import type { Found, Hit } from "./merge.ts";
import { isPlaceholder } from "./placeholder.ts";
import type { Rule } from "./rule.ts";
import { settle } from "./settle.ts";
import { sourceOffsets } from "./source-offsets.ts";

/** Nesting beyond this is nobody's document; it is refused rather than walked. */
const DEEPEST = 512;
/** How often JSON is looked for inside a string of JSON; deeper it is read as text. */
const DEEPEST_INNER = 4;

/** What one run over a document needs to know. */
export interface Scan {
  readonly rules: readonly Rule[];
  readonly masking: MaskingRules;
  readonly keyedHash: KeyedHash;
  readonly fields: Map<string, Rule | null>;
}

/** An escape of a printable ASCII character: with one in it, the source text proves nothing about what it says. */
const ESCAPED_ASCII = /\\u00[2-7]/i;

export function scanOf(source: string, masking: MaskingRules, keyedHash: KeyedHash): Scan {
  const blind = ESCAPED_ASCII.test(source);
  const rules = masking.rules.filter((rule) => blind || rule.mayOccurIn(source));
  return { rules, masking, keyedHash, fields: new Map() };
}

/** What must be replaced in a JSON text, in its own offsets and order. The text must be valid. */
export function scanJson(
  text: string,
  scan: Scan,
  inner: number,
  onLeaf?: (found: readonly Found[], path: Path) => void,
): readonly Found[] {
  const edits: Found[] = [];
  const isMessage = onLeaf !== undefined && text.includes('"jsonrpc"');
  /** `{"name": "DB_PASSWORD", "value": "…"}`: the name that a sibling gives to the value, by depth. */
  const labels: (string | undefined)[] = [];
  walk(text, {
    open: (path) => {
      if (path.depth >= DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST}`);
      labels[path.depth + 1] = undefined;
    },
    leaf: (token, path) => {
      if (token.kind === "boolean" || token.kind === "null") return;
      if (isMessage && isEnvelope(path)) return;
      const own = path.segments.at(-1);
      const label = typeof own === "string" && VALUE.test(own) ? labels[path.depth] : undefined;
      const name = label ?? path.name();
      const found = scanLeaf(text, token, name, scan, inner);
      if (typeof own === "string" && LABEL.test(own) && token.kind === "string")
        labels[path.depth] = labelOf(text, token);
      if (found.length === 0) return;
      onLeaf?.(found, path);
      if (token.kind === "number")
        edits.push(...found.map((f) => ({ ...f, start: token.offset, end: token.offset + token.length })));
      else {
        const offset = sourceOffsets(text, token.offset + 1, token.escaped);
        for (const f of found) edits.push({ ...f, start: offset(f.start), end: offset(f.end) });
      }
    },
  });
  return edits;
}

const LABEL = /^(?:name|key)$/i;
const VALUE = /^value$/i;

const labelOf = (text: string, token: Token) =>
  token.length <= 130 && !token.escaped ? text.slice(token.offset + 1, token.offset + token.length - 1) : undefined;

function scanLeaf(text: string, token: Token, name: string | undefined, scan: Scan, inner: number): readonly Found[] {
  const source = text.slice(token.offset, token.offset + token.length);
  if (token.kind === "number") return scanNumber(source, name, scan);
  const value = token.escaped ? (JSON.parse(source) as string) : source.slice(1, -1);
  return scanString(value, name, scan, inner);
}

/** What must be replaced in a decoded string, in its own offsets and order. JSON inside it is read as JSON. */
export function scanString(value: string, name: string | undefined, scan: Scan, inner: number): readonly Found[] {
  const field = name === undefined || isPlaceholder(value) ? undefined : fieldRule(name, scan);
  if (!field && inner < DEEPEST_INNER && isJsonContainer(value)) return scanJson(value, scan, inner + 1);
  if (value.length < 5 && !field) return [];
  return settle(value, (text) => hitsIn(text, field, scan)).map(({ start, end, kind }) => ({
    start,
    end,
    kind,
    replacement: mask(kind),
    tag: scan.keyedHash(value.slice(start, end)),
  }));
}

/** Sorted by preference: it decides between equal spans, and a field's own rule is the most general of them. */
function hitsIn(text: string, field: Rule | undefined, scan: Scan): readonly Hit[] {
  const hits: Hit[] = field ? [{ start: 0, end: text.length, kind: field.kind }] : [];
  for (const rule of scan.rules)
    for (const { start, end } of rule.find(text)) hits.push({ start, end, kind: rule.kind });
  return hits.length === 0
    ? hits
    : inPreference(
        hits.filter((hit) => !passes(text, hit, scan)),
        scan,
      );
}

/** A number has no room for a mask: it becomes 0. */
function scanNumber(source: string, name: string | undefined, scan: Scan): readonly Found[] {
  if (Number(source) === 0) return [];
  const field = name === undefined ? undefined : fieldRule(name, scan);
  const hits: Hit[] = field ? [{ start: 0, end: source.length, kind: field.kind }] : [];
  for (const rule of source.length < 5 ? [] : scan.rules)
    if (rule.find(source).length > 0) hits.push({ start: 0, end: source.length, kind: rule.kind });
  const hit = inPreference(
    hits.filter((h) => !passes(source, h, scan)),
    scan,
  )[0];
  return hit ? [{ ...hit, replacement: "0", tag: scan.keyedHash(source) }] : [];
}

function fieldRule(name: string, scan: Scan): Rule | undefined {
  let rule = scan.fields.get(name);
  if (rule === undefined) {
    rule = scan.rules.find((candidate) => candidate.field?.(name)) ?? null;
    // Names repeat in honest documents; a document of a million names must not fill the memory.
    if (scan.fields.size < 1000) scan.fields.set(name, rule);
  }
  return rule ?? undefined;
}

function inPreference(hits: readonly Hit[], scan: Scan): readonly Hit[] {
  if (hits.length < 2) return hits;
  const rank = new Map(scan.masking.rules.map((rule, at) => [rule.kind, at]));
  return hits.toSorted((a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0));
}

function passes(value: string, { start, end, kind }: Hit, scan: Scan): boolean {
  const text = value.slice(start, end);
  return (
    scan.masking.masks.has(text) || scan.masking.allow.some((entry) => entry.kind === kind && entry.value.test(text))
  );
}

function isJsonContainer(value: string): boolean {
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
