import { type Token, walk } from "../json/walk.ts";
import { mayHoldRun } from "./base64.ts";
import { isLetter } from "./base64-letters.ts";
import { mayEndInCut } from "./block.ts";
import { type Carried, CarriedValues } from "./carried.ts";
import { isEnvelope } from "./envelope.ts";
import { Groups } from "./groups.ts";
import { isUuid } from "./hits.ts";
import { Labels } from "./labels.ts";
import { decoded, inSource, type Leaf, pointersOf } from "./leaf.ts";
import { beneath, DistinctNames, isOpen, maskedName, NAMELESS, type Name } from "./member-names.ts";
import type { Found } from "./merge.ts";
import type { Depths, Scan } from "./scan.ts";
import { asBase64, scanTold } from "./scan-blob.ts";
import { scanGroup } from "./scan-group.ts";
import { beginsJson, fieldOf, foundOf, scanNumber, scanString } from "./scan-string.ts";

/** Nesting beyond this is nobody's document; it is refused rather than walked. */
const DEEPEST = 512;

/** Told of what is found in the outermost document, in its order. */
export type OnFound = (found: readonly Found[], pointer: string, inName: boolean) => void;

/**
 * What must be replaced in a JSON text, in its own offsets and order. The text must be valid.
 *
 * @param around what its outermost value goes by
 */
export function scanJson(
  text: string,
  scan: Scan,
  depths: Depths,
  onFound?: OnFound,
  around: Name = NAMELESS,
): readonly Found[] {
  const { signs, credentials } = scan.masking;
  const isMessage = onFound !== undefined && text.includes('"jsonrpc"');
  const leaves = new Map<number, Leaf>();
  const distinct = new DistinctNames();
  const groups = new Groups();
  const carried = new CarriedValues();
  /** Offsets of what is base64 to clients: no text that goes on in another. */
  const encoded = new Set<number>();
  /** Offsets of what may hold base64. */
  const runs = new Set<number>();
  /** By depth: the name that values go by, their own or that of the array they stand in. */
  const names: Name[] = [around];
  const labels = new Labels(scan.nameOfLabel);
  let outOfOrder = false;

  walk(text, {
    open: (path, isArray) => {
      const { depth } = path;
      if (depth >= DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST}`);
      names[depth + 1] = names[depth] ?? NAMELESS;
      labels.open(path);
      distinct.open(path);
      carried.open(path);
      groups.open(path, isArray);
    },
    key: (name, path, token) => {
      const read = scan.nameOf(name);
      const { hits } = read;
      names[path.depth] = labels.member(path, beneath(names[path.depth - 1] ?? NAMELESS, read));
      if (hits.length === 0) return distinct.keep(name, path);
      const shown = distinct.give(maskedName(name, hits), path);
      // Pointers go into records: they must not tell the name.
      path.segments[path.depth - 1] = shown;
      const within = hits.map((hit) => foundOf(hit, name, scan));
      const replacement = JSON.stringify(shown).slice(1, -1);
      const whole = { start: 0, end: name.length, kind: "", tag: "", replacement, within };
      leaves.set(token.offset, { token, found: [whole], pointer: path.pointer(), name: shown });
    },
    leaf: (token, path) => {
      if (token.kind === "null") return;
      if (isMessage && isEnvelope(path)) return;
      const { depth } = path;
      let name = names[depth] ?? NAMELESS;
      const isTelling =
        (name.role === "label" || name.role === "type" || name.role === "mark") &&
        typeof path.segments[depth - 1] === "string";
      if (token.kind === "boolean") {
        if (isTelling) labels.tell(path, name, text.slice(token.offset, token.offset + token.length));
        return;
      }
      const keep = (found: readonly Found[]) => {
        if (found.length > 0) leaves.set(token.offset, { token, found, pointer: path.pointer() });
      };
      const [from, to] = [token.offset + 1, token.offset + token.length - 1];
      if (token.kind === "number") {
        labels.wait(path, token, name, undefined);
        return keep(scanNumber(text.slice(from - 1, to + 1), name, scan));
      }
      if (typeof path.segments[depth - 1] === "number") name = labels.element(path, name, text, from, to);
      const before = groups.stateBefore(path);
      const value = token.escaped ? decoded(text, token) : undefined;
      if (isTelling) labels.tell(path, name, value ?? text.slice(from, to));
      const state =
        value === undefined ? signs.look(text, from, to, before) : signs.look(value, 0, value.length, before);
      labels.wait(path, token, name, groups.add(path, token, state, signs));
      if (path.segments[depth - 1] === "mimeType") carried.type(path, text.slice(from, to));
      else if (name.isBlob && typeof path.segments[depth - 1] === "string") carried.value(path, token);
      const mayBeEncoded = mayHoldRun(text, from, to);
      // What goes on in the next string has no end in this one.
      if (mayBeEncoded && isLetter(text.charCodeAt(to - 1))) {
        runs.add(token.offset);
        groups.encoded(path);
      }
      const isSuspect =
        (signs.sawAny() && !isTime(text, from, to) && (signs.sawWord() || !isUuidAt(text, from, to))) ||
        signs.sawEscape() ||
        scan.open !== undefined ||
        scan.always.length > 0 ||
        !isOpen(name) ||
        beginsJson(text, from) ||
        name.isBlob ||
        mayBeEncoded ||
        // What opens no block yet: the next string may.
        (value === undefined ? mayEndInCut(text, from, to) : mayEndInCut(value, 0, value.length));
      if (!isSuspect) return;
      const found = scanString(value ?? text.slice(from, to), name, scan, depths, true);
      if (found.some(({ kind }) => credentials.has(kind))) groups.found(path);
      keep(found);
    },
    close: (path) => {
      const positions: number[] = [];
      for (const { token, own, at } of labels.close(path)) {
        const found = scanNamed(text, token, own, scan, depths);
        if (found.length === 0) continue;
        outOfOrder ||= !leaves.has(token.offset);
        leaves.set(token.offset, { token, found, pointer: leaves.get(token.offset)?.pointer });
        if (at !== undefined && found.some(({ kind }) => credentials.has(kind))) positions.push(at);
      }
      groups.foundAt(path, positions);
      for (const value of carried.close(path)) {
        const { token, isBase64 } = value;
        if (isBase64) encoded.add(token.offset);
        const leaf = leaves.get(token.offset);
        const found = scanCarried(text, value, leaf?.found ?? [], scan, depths);
        if (found.length === 0) continue;
        outOfOrder ||= leaf === undefined;
        leaves.set(token.offset, { token, found, pointer: leaf?.pointer });
      }
      for (const group of groups.close(path))
        outOfOrder = scanGroup(text, group, leaves, scan, { encoded, runs }) || outOfOrder;
    },
  });
  const inOrder = [...leaves.values()];
  if (outOfOrder) inOrder.sort((a, b) => a.token.offset - b.token.offset);
  if (onFound !== undefined) {
    const pointers = outOfOrder ? pointersOf(text, leaves) : undefined;
    for (const { token, found, pointer, name } of inOrder)
      onFound(found, pointer ?? pointers?.get(token.offset) ?? "", name !== undefined);
  }
  return inOrder.flatMap((leaf) => inSource(text, leaf));
}

/** What is to be masked of a value that a later member named. */
function scanNamed(text: string, token: Token, name: Name, scan: Scan, depths: Depths): readonly Found[] {
  if (token.kind === "number") return scanNumber(text.slice(token.offset, token.offset + token.length), name, scan);
  const value = decoded(text, token);
  if (fieldOf(value, name) === undefined) return [];
  // Blocks that strings open and close were followed when it was read first.
  return scanString(value, name, { ...scan, open: undefined }, depths);
}

/** What is to be masked of a value once all is known of the object that carries it. */
function scanCarried(
  text: string,
  { token, isBase64, isText }: Carried,
  found: readonly Found[],
  scan: Scan,
  depths: Depths,
): readonly Found[] {
  if (!isText && (found.length === 0 || !isBase64)) return found;
  const value = decoded(text, token);
  const told = isText ? scanTold(value, { ...scan, open: undefined }, depths) : [];
  if (told.length > 0) return told;
  return isBase64 ? asBase64(value, found) : found;
}

/** A point in time as machines write it (RFC 3339): digits and colons enough for many a rule, and the commonest string of all. */
const TIME =
  /^[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$/;
const isTime = (text: string, from: number, to: number) =>
  to - from >= 19 && to - from <= 35 && text.charCodeAt(from + 4) === 0x2d && TIME.test(text.slice(from, to));

const isUuidAt = (text: string, from: number, to: number) => to - from === 36 && isUuid(text.slice(from, to));
