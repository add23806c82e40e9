import { type Token, walk } from "./walk.ts";

/** One value of a JSON text that holds no other, with the place of its source token. */
export interface Leaf {
  /** RFC 6901. */
  readonly pointer: string;
  readonly kind: Token["kind"];
  readonly value: string | number | boolean | null;
  /** Of the source token in the text, in UTF-16 units; a string's quotes included. */
  readonly offset: number;
  readonly length: number;
}

/**
 * The leaves of a JSON text, in its order. A leaf that stands under a repeated member name is listed too.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function leavesOf(text: string): readonly Leaf[] {
  JSON.parse(text);
  const leaves: Leaf[] = [];
  walk(text, {
    leaf: ({ kind, offset, length }, path) => {
      const value = JSON.parse(text.slice(offset, offset + length)) as Leaf["value"];
      leaves.push({ pointer: path.pointer(), kind, value, offset, length });
    },
  });
  return leaves;
}
