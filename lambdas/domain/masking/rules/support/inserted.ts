import type { Span } from "../../rule.ts";

const INSERT =
  /\binsert\s{1,8}(?:ignore\s{1,8})?into\s{1,8}[^\s()]{1,128}\s{0,8}\(([^()]{1,1024})\)\s{0,8}values\s{0,8}(?=\()/gi;
/** A text, or anything else up to the next comma or the end of the row. */
const VALUE = /\s{0,8}(?:[NE]?'((?:[^'\\]|''|\\[\s\S]){0,2048})'|[^',()]{0,256}(?:\([^()]{0,256}\))?)\s{0,8}([,)])/y;
const NEXT_ROW = /\s{0,8},\s{0,8}(?=\()/y;

/** Quoted values of the columns that are secret by their names, in rows that SQL inserts. */
export function insertedValues(text: string, isColumn: (name: string) => boolean): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(INSERT)) {
    const columns = (match[1] ?? "").split(",").map((name) => isColumn(name.replace(/[\s"'`[\]]/g, "")));
    if (!columns.includes(true)) continue;
    for (let at = match.index + match[0].length; at !== -1; ) at = readRow(text, at + 1, columns, spans);
  }
  return spans;
}

/** @returns where the next row begins; -1 when there is none */
function readRow(text: string, from: number, columns: readonly boolean[], spans: Span[]): number {
  VALUE.lastIndex = from;
  for (const isSecret of columns) {
    const begin = VALUE.lastIndex;
    const value = VALUE.exec(text);
    if (value === null) return -1;
    const [whole, quoted, end] = value;
    if (isSecret && quoted) {
      const start = begin + whole.indexOf("'") + 1;
      spans.push({ start, end: start + quoted.length });
    }
    if (end === ")") break;
  }
  NEXT_ROW.lastIndex = VALUE.lastIndex;
  return NEXT_ROW.test(text) ? NEXT_ROW.lastIndex : -1;
}
