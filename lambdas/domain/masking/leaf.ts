import { type Token, walk } from "../json/walk.ts";
import type { Found } from "./merge.ts";
import { sourceOffsets } from "./source-offsets.ts";

/** A string or number with something in it, and where it stands. */
export interface Leaf {
  readonly token: Token;
  readonly found: readonly Found[];
  /** Unknown of what several strings hold together, until it is asked for. */
  readonly pointer: string | undefined;
  /** Set for a member's name: what it becomes. */
  readonly name?: string;
}

/** What a string of the source says. */
export const decoded = (text: string, { offset, length }: Token) =>
  JSON.parse(text.slice(offset, offset + length)) as string;

/** A leaf's edits as edits of the source. */
export function inSource(text: string, { token, found }: Leaf): readonly Found[] {
  const { offset, length, escaped, kind } = token;
  if (kind === "number") return found.map((edit) => ({ ...edit, start: offset, end: offset + length }));
  const place = sourceOffsets(text, offset + 1, escaped);
  return found.map((edit) => ({ ...edit, start: place(edit.start), end: place(edit.end) }));
}

/** Where the leaves stand whose place was not noted on the way. */
export function pointersOf(text: string, leaves: ReadonlyMap<number, Leaf>): ReadonlyMap<number, string> {
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
