import { el } from "./dom.ts";
import { visibleText } from "./visible-text.ts";

/**
 * Text from outside, with unseen characters named and the given parts marked.
 *
 * @param matches texts to highlight wherever they stand in `text`
 */
export function shown(text: string, matches: readonly string[] = []): Node[] {
  return cutAt(text, matches).map((piece) =>
    piece.marked ? el("mark", {}, ...seen(piece.text)) : el("span", {}, ...seen(piece.text)),
  );
}

function seen(text: string): (Node | string)[] {
  return visibleText(text).flatMap((stretch): (Node | string)[] => {
    if (stretch.kind === "plain") return [stretch.text];
    const chip = el("span", { class: "unseen", title: "A character that cannot be seen" }, stretch.text);
    return stretch.kind === "break" ? [chip, el("br")] : [chip];
  });
}

function cutAt(text: string, matches: readonly string[]): { text: string; marked: boolean }[] {
  const marked = new Uint8Array(text.length);
  for (const match of matches)
    for (let at = match === "" ? -1 : text.indexOf(match); at >= 0; at = text.indexOf(match, at + 1))
      marked.fill(1, at, at + match.length);
  const pieces: { text: string; marked: boolean }[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && marked[at] === marked[start]) continue;
    pieces.push({ text: text.slice(start, at), marked: marked[start] === 1 });
    start = at;
  }
  return pieces;
}
