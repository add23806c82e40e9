import { mask } from "./compile.ts";
import type { Span } from "./rule.ts";

/**
 * Blocks that may begin in one string and end in another: an array of lines, two texts of one answer, two messages of
 * one stream. What was opened stays open until its end comes.
 */
const BLOCKS = [
  {
    kind: "PRIVATE_KEY",
    sign: "PRIVATE KEY",
    mark: /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
    /** Lines of base64, or the headers of an encrypted one. Shorter last lines tell too little to be a key. */
    body: /^[\s]*(?:[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Version|Comment): [^\n]*)(?:\s|\\[nr]|$)/,
  },
] as const;

/** What a stream of messages has opened and not closed: the kind of the block. A value to hand to the next message. */
export type OpenBlock = string | undefined;

/** Whether a text may open a block of a kind that is masked. */
export const mayOpen = (text: string, masks: ReadonlySet<string>): boolean =>
  BLOCKS.some(({ kind, sign }) => text.includes(sign) && masks.has(mask(kind)));

/** Where the open block goes on in the next string, and what is open behind it. */
export function continued(
  text: string,
  open: OpenBlock,
): { readonly span: Span | undefined; readonly open: OpenBlock } {
  const block = open === undefined ? undefined : BLOCKS.find(({ kind }) => kind === open);
  if (block === undefined) return { span: undefined, open: openedBy(text, undefined) };
  const end = [...text.matchAll(block.mark)].find(([, mark]) => mark === "END");
  if (end !== undefined) {
    const stop = end.index + end[0].length;
    return { span: { start: 0, end: stop }, open: openedBy(text.slice(stop), undefined) };
  }
  return { span: block.body.test(text) ? { start: 0, end: text.length } : undefined, open };
}

function openedBy(text: string, before: OpenBlock): OpenBlock {
  for (const { kind, sign, mark } of BLOCKS) {
    if (!text.includes(sign)) continue;
    const last = [...text.matchAll(mark)].at(-1)?.[1];
    if (last !== undefined) return last === "BEGIN" ? kind : undefined;
  }
  return before;
}
