import { type Token, walk } from "../json/walk.ts";
import { mayHoldRun } from "./base64.ts";
import { mask } from "./compile.ts";
import { isEnvelope } from "./envelope.ts";
import { type FindJoined, settleGroup } from "./group.ts";
import { type Group, Groups } from "./groups.ts";
import { hitsOf, isUuid, plainHits } from "./hits.ts";
import { DistinctNames, isSecretType, maskedName, NAMELESS, type Name } from "./member-names.ts";
import type { Found } from "./merge.ts";
import type { Depths, Scan } from "./scan.ts";
import { beginsJson, foundOf, isJsonContainer, scanNumber, scanString } from "./scan-string.ts";
import { sourceOffsets } from "./source-offsets.ts";

/** Nesting beyond this is nobody's document; it is refused rather than walked. */
const DEEPEST = 512;
const LONGEST_LABEL = 128;

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

/** What must be replaced in a JSON text, in its own offsets and order. The text must be valid. */
export function scanJson(text: string, scan: Scan, depths: Depths, onFound?: OnFound): readonly Found[] {
  const { signs, credentials } = scan.masking;
  const isMessage = onFound !== undefined && text.includes('"jsonrpc"');
  const leaves = new Map<number, Leaf>();
  const distinct = new DistinctNames();
  const groups = new Groups();
  /** By depth: the name that values go by, their own or that of the array they stand in. */
  const names: Name[] = [NAMELESS];
  /** The name that a sibling gives to a value, by depth. */
  const labels: (string | undefined)[] = [];
  let outOfOrder = false;

  walk(text, {
    open: (path, isArray) => {
      const { depth } = path;
      if (depth >= DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST}`);
      labels[depth + 1] = undefined;
      names[depth + 1] = names[depth] ?? NAMELESS;
      distinct.open(path);
      groups.open(path, isArray);
    },
    key: (name, path, token) => {
      const read = scan.nameOf(name);
      const { hits } = read;
      names[path.depth] = read;
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
      if (token.kind === "boolean" || token.kind === "null") return;
      if (isMessage && isEnvelope(path)) return;
      const { depth } = path;
      const isMember = typeof path.segments[depth - 1] === "string";
      const own = names[depth] ?? NAMELESS;
      const label = isMember && own.role === "labelled" ? labels[depth] : undefined;
      const name = label === undefined ? own : scan.nameOf(label);
      const keep = (found: readonly Found[]) => {
        if (found.length > 0) leaves.set(token.offset, { token, found, pointer: path.pointer() });
      };
      const [from, to] = [token.offset + 1, token.offset + token.length - 1];
      if (token.kind === "number") return keep(scanNumber(text.slice(from - 1, to + 1), name, scan));
      if (isMember && (own.role === "label" || own.role === "type")) {
        const said = to - from <= LONGEST_LABEL && !token.escaped ? text.slice(from, to) : undefined;
        const known = labels[depth];
        // What the type says of a value no name takes back.
        if (
          own.role === "type" ? said !== undefined && isSecretType(said) : known === undefined || !isSecretType(known)
        )
          labels[depth] = said;
      }
      const before = groups.stateBefore(path);
      const value = token.escaped ? decoded(text, token) : undefined;
      const state =
        value === undefined ? signs.look(text, from, to, before) : signs.look(value, 0, value.length, before);
      groups.add(path, token, state, signs);
      const isSuspect =
        (signs.sawAny() && !isTime(text, from, to) && (signs.sawWord() || !isUuidAt(text, from, to))) ||
        signs.sawEscape() ||
        scan.open !== undefined ||
        scan.always.length > 0 ||
        name.field !== undefined ||
        beginsJson(text, from) ||
        mayHoldRun(text, from, to);
      if (!isSuspect) return;
      const found = scanString(value ?? text.slice(from, to), name, scan, depths, true);
      if (found.some(({ kind }) => credentials.has(kind))) groups.found(path);
      keep(found);
    },
    close: (path) => {
      for (const group of groups.close(path)) outOfOrder = scanGroup(text, group, leaves, scan) || outOfOrder;
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

/** @returns whether strings hold something together that none of them holds alone */
function scanGroup(text: string, group: Group, leaves: Map<number, Leaf>, scan: Scan): boolean {
  const { tokens, isArray } = group;
  const acrossLines = [...group.acrossLines, ...scan.always].sort((a, b) => a - b);
  // A sign goes over the end of no line, and that of a mask is no name (`groups.test.ts`).
  const glues = [...(acrossLines.length > 0 ? ["\n"] : []), ...(isArray ? [""] : [])];
  if (glues.length === 0) return false;
  const members = tokens.flatMap((token) => {
    const found = leaves.get(token.offset)?.found ?? [];
    const value = token.escaped ? decoded(text, token) : text.slice(token.offset + 1, token.offset + token.length - 1);
    // What is JSON, or was encoded, is not the text that stands there.
    const isText = found.every(({ replacement, kind }) => replacement === mask(kind)) && !isJsonContainer(value);
    return isText ? [{ token, value, hits: found }] : [];
  });
  const find: FindJoined = (joined, glue) =>
    glue === "\n"
      ? hitsOf(joined, acrossLines, scan)
      : plainHits(
          joined,
          scan,
          // What is parted is told by its own form alone, not by a name before it.
          ({ family, field }) => family === "credential" && (glue !== "" || field === undefined),
        );
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
