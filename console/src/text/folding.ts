import { cutAt } from "./cut-at.ts";

/** Characters that stay in view at the beginning, and around everything that is marked. */
const BEGINNING = 400;
const AROUND = 80;

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly hidden: boolean;
}

/** Where the text is in view and where it is folded, in turn. Views that touch are one, so that no match is cut. */
export function stretches(text: string, matches: readonly string[]): Stretch[] {
  const views = [{ from: 0, to: BEGINNING }];
  for (const { start, text: part, marked } of cutAt(text, matches)) {
    const last = views.at(-1);
    if (!marked || last === undefined) continue;
    const from = whole(text, Math.max(0, start - AROUND));
    const to = whole(text, start + part.length + AROUND);
    if (from <= last.to) last.to = Math.max(last.to, to);
    else views.push({ from, to });
  }
  const found: Stretch[] = [];
  let at = 0;
  for (const view of views) {
    const to = Math.min(text.length, view.to);
    if (view.from > at) found.push({ from: at, to: view.from, hidden: true });
    found.push({ from: view.from, to, hidden: false });
    at = to;
  }
  if (at < text.length) found.push({ from: at, to: text.length, hidden: true });
  return found;
}

/** Never between the two halves of a character. */
const whole = (text: string, at: number) => (/[\udc00-\udfff]/.test(text[at] ?? "") ? at - 1 : at);
