import { objectsOf } from "../aws/objects-of.ts";
import type { Vault } from "../aws/vault.ts";
import { partitionOf } from "../domain/evidence/archive-object.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import type { Span } from "./reveal-ask.ts";
import type { SealedLine } from "./sealed-line.ts";

/** Finds a record in the sealed vault, also one that was told long after the time in its id. */
export async function findSealed(vault: Vault, id: string): Promise<SealedLine | undefined> {
  for await (const keys of objectsOf(id, vault))
    for (const key of keys) for (const line of linesOf(await vault.get(key))) if (line.record.id === id) return line;
  return undefined;
}

/** A step through the archive. */
export interface ArchiveStep {
  /** Where it is: a page that begins there goes on with it. */
  readonly at: string;
  /** Undefined where an object begins. */
  readonly line: SealedLine | undefined;
}

/**
 * Goes through what was written in a time, in the order of the archive; a record may come twice.
 * @param begin a place that an earlier step named
 */
export async function* sealedLines(vault: Vault, { from, to }: Span, begin = ""): AsyncGenerator<ArchiveStep> {
  const [first = "", number = "0"] = begin.split("#");
  for (let hour = from - HOUR; hour < to + HOUR; hour += HOUR) {
    const partition = partitionOf(Math.max(0, hour));
    // An hour before the place where the page begins needs no list.
    if (`${partition}~` < first) continue;
    yield { at: `${partition}#0`, line: undefined };
    for (const key of await vault.list(partition)) {
      if (key < first) continue;
      yield { at: `${key}#0`, line: undefined };
      const lines = linesOf(await vault.get(key));
      for (const [at, line] of lines.entries()) {
        if (key === first && at < Number(number)) continue;
        const time = Date.parse(line.record.recordedAt);
        if (time >= from && time < to) yield { at: `${key}#${at}`, line };
      }
    }
  }
}

const linesOf = (text: string): SealedLine[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SealedLine);
