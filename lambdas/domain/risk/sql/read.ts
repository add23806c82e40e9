import { loadModule, parseSync } from "libpg-query";
import type { StatementKind } from "../../../../lib/config/risks.ts";
import { mayParse, type Work } from "../work.ts";
import { hasFewComments, isShallow, readingsOf } from "./readings.ts";
import { readTokens } from "./tokens.ts";
import { readTree } from "./tree.ts";

// PostgreSQL's own parser, as WebAssembly: a few milliseconds once, so that no call waits for it.
await loadModule();

/** What the statements of a text do. */
export interface SqlReading {
  readonly kinds: ReadonlySet<StatementKind>;
  /** Whether it is SQL by PostgreSQL's grammar, spelled as any of the databases would. */
  readonly parsed: boolean;
  /** Whether all of it was understood, by the grammar or by its words. */
  readonly understood: boolean;
}

const LONGEST = 65_536;
const DEEPEST = 3;

/** @param byWords whether a text that does not parse is read by its words: those of a letter would be read too */
export function readSql(text: string, byWords: boolean, work: Work, depth = 0): SqlReading {
  const kinds = new Set<StatementKind>();
  let parsed = false;
  let allParsed = true;
  let understood = text.length <= LONGEST && depth <= DEEPEST;
  if (!understood || work.exhausted) return { kinds, parsed, understood: false };
  const readings = readingsOf(text);
  for (const reading of readings) {
    if (!mayParse(reading, work)) return { kinds, parsed, understood: false };
    const tree = parse(reading);
    if (tree === undefined) {
      allParsed = false;
      continue;
    }
    parsed = true;
    const { kinds: found, bodies } = readTree(tree);
    for (const kind of found) kinds.add(kind);
    for (const body of bodies) for (const kind of readBody(body, work, depth)) kinds.add(kind);
  }
  if (byWords && !allParsed)
    for (const reading of readings) {
      const words = mayParse(reading, work) ? tokens(reading) : undefined;
      for (const kind of words?.kinds ?? []) kinds.add(kind);
      if (!parsed) understood &&= words?.known ?? false;
    }
  return { kinds, parsed, understood: parsed || (byWords && understood) };
}

/** A body of a procedural language is statements between other words. */
function readBody(body: string, work: Work, depth: number): ReadonlySet<StatementKind> {
  const kinds = new Set<StatementKind>(readSql(body, true, work, depth + 1).kinds);
  for (const [, text = ""] of body.matchAll(/'((?:[^']|'')*)'/g))
    if (text.includes(" "))
      for (const kind of readSql(text.replaceAll("''", "'"), true, work, depth + 1).kinds) kinds.add(kind);
  for (const part of body.split(/;|\b(?:begin|then|loop|else)\b/i).slice(0, 200))
    for (const kind of readSql(part, false, work, depth + 1).kinds) kinds.add(kind);
  return kinds;
}

function parse(text: string): unknown {
  if (text.trim() === "" || text.includes("\0") || !hasFewComments(text) || !isShallow(text)) return undefined;
  try {
    return parseSync(text).stmts;
  } catch {
    return undefined;
  }
}

function tokens(text: string) {
  if (!hasFewComments(text)) return undefined;
  try {
    return readTokens(text);
  } catch {
    return undefined;
  }
}
