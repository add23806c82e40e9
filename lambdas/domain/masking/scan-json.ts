import { type Token, walk } from "../json/walk.ts";
import { mayHoldRun } from "./base64.ts";
import { isLetter } from "./base64-letters.ts";
import { type Carried, CarriedValues } from "./carried.ts";
import { mask } from "./compile.ts";
import { isEnvelope } from "./envelope.ts";
import { type FindJoined, settleGroup } from "./group.ts";
import { type Group, Groups } from "./groups.ts";
import { encodedHits, hitsOf, isUuid, plainHits } from "./hits.ts";
import { Labels } from "./labels.ts";
import { beneath, DistinctNames, isOpen, maskedName, NAMELESS, type Name } from "./member-names.ts";
import type { Found } from "./merge.ts";
import type { Depths, Scan } from "./scan.ts";
import { asBase64, scanTold } from "./scan-blob.ts";
import { beginsJson, fieldOf, foundOf, isJsonContainer, scanNumber, scanString } from "./scan-string.ts";
import { sourceOffsets } from "./source-offsets.ts";

/** Nesting beyond this is nobody's document; it is refused rather than walked. */
const DEEPEST = 512;

/** Told of what is found in the outermost document, in its order. */
export type OnFound = (found: readonly Found[], pointer: string, inName: boolean) => void;

/** A string or number with something in it, and where it stands. */
interface Leaf {
  readonly token: Token;
  readonly found: readonly Found[];
  /** Unknown of what several strings hold together, until it is asked for. */
  readonly pointer: string | undefined;
  /** Set for a member's name: what it becomes. */
  readonly name?: string;
}

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
        mayBeEncoded;
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

const decoded = (text: string, { offset, length }: Token) => JSON.parse(text.slice(offset, offset + length)) as string;

/** A point in time as machines write it (RFC 3339): digits and colons enough for many a rule, and the commonest string of all. */
const TIME =
  /^[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$/;
const isTime = (text: string, from: number, to: number) =>
  to - from >= 19 && to - from <= 35 && text.charCodeAt(from + 4) === 0x2d && TIME.test(text.slice(from, to));

const isUuidAt = (text: string, from: number, to: number) => to - from === 36 && isUuid(text.slice(from, to));

/** A leaf's edits as edits of the source. */
function inSource(text: string, { token, found }: Leaf): readonly Found[] {
  const { offset, length, escaped, kind } = token;
  if (kind === "number") return found.map((edit) => ({ ...edit, start: offset, end: offset + length }));
  const place = sourceOffsets(text, offset + 1, escaped);
  return found.map((edit) => ({ ...edit, start: place(edit.start), end: place(edit.end) }));
}

/** Where reading a group as lines must begin: rules with a reach look to both sides of their sign. */
function beginOf({ acrossLines, firstAcross }: Group, { masking, always }: Scan): number {
  if (always.length > 0 || acrossLines.some((at) => masking.rules[at]?.reach !== undefined)) return 0;
  return firstAcross;
}

/** @returns whether strings hold something together that none of them holds alone */
function scanGroup(
  text: string,
  group: Group,
  leaves: Map<number, Leaf>,
  scan: Scan,
  { encoded, runs }: { readonly encoded: ReadonlySet<number>; readonly runs: ReadonlySet<number> },
): boolean {
  const { isArray } = group;
  const tokens = isArray ? group.tokens : group.tokens.slice(beginOf(group, scan));
  if (tokens.length < 2) return false;
  const acrossLines = [...group.acrossLines, ...scan.always].sort((a, b) => a - b);
  // A sign goes over the end of no line, and that of a mask is no name (`groups.test.ts`).
  const mayBeEncoded = isArray && tokens.some(({ offset }) => runs.has(offset));
  const glues = [...(acrossLines.length > 0 || mayBeEncoded ? ["\n"] : []), ...(isArray ? [""] : [])];
  if (glues.length === 0) return false;
  const members = tokens.flatMap((token) => {
    const found = leaves.get(token.offset)?.found ?? [];
    const value = token.escaped ? decoded(text, token) : text.slice(token.offset + 1, token.offset + token.length - 1);
    // What is JSON, or was encoded, is not the text that stands there.
    const isText =
      found.every(({ replacement, kind }) => replacement === mask(kind)) &&
      !encoded.has(token.offset) &&
      !isJsonContainer(value);
    return isText ? [{ token, value, hits: found }] : [];
  });
  let linesSaid = false;
  /** Base64 over several strings: as lines, which tells where it ends; and parted anywhere, where lines said nothing. */
  const encodedOver = (joined: string, glue: string | undefined) => {
    if (!mayBeEncoded || (glue !== "\n" && (glue !== "" || linesSaid))) return [];
    const hits = encodedHits(joined, scan, 0);
    if (glue === "\n") linesSaid = hits.some(({ start, end }) => joined.slice(start, end).includes(glue));
    return hits;
  };
  const find: FindJoined = (joined, glue) => {
    const hits =
      glue === "\n"
        ? hitsOf(joined, acrossLines, scan)
        : plainHits(
            joined,
            scan,
            // What is parted is told by its own form alone, not by a name before it.
            ({ family, field }) => family === "credential" && (glue !== "" || field === undefined),
          );
    return [...hits, ...encodedOver(joined, glue)];
  };
  const settled = settleGroup(members, glues, find, scan.masking.masks);
  let changed = false;
  for (const [at, { value, hits }] of settled.entries()) {
    const member = members[at];
    if (member === undefined || member.hits === hits) continue;
    const { token } = member;
    const found = hits.map((hit) => foundOf(hit, value, scan));
    leaves.set(token.offset, { token, found, pointer: leaves.get(token.offset)?.pointer });
    changed = true;
  }
  return changed;
}

/** Where the leaves stand whose place was not noted on the way. */
function pointersOf(text: string, leaves: ReadonlyMap<number, Leaf>): ReadonlyMap<number, string> {
  const pointers = new Map<number, string>();
  walk(text, {
    key: (_, path, { offset }) => {
      const masked = leaves.get(offset)?.name;
      if (masked !== undefined) path.segments[path.depth - 1] = masked;
    },
    leaf: ({ offset }, path) => {
      const leaf = leaves.get(offset);
      if (leaf !== undefined && leaf.pointer === undefined) pointers.set(offset, path.pointer());
    },
  });
  return pointers;
}
