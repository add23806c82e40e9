import type { Manifest } from "../aws/manifest.ts";
import type { Vault } from "../aws/vault.ts";
import type { BegunObject } from "../domain/evidence/digest.ts";

/** Somebody who wants the archive's lines of some hours. */
export interface LineReader {
  /** Hours of the manifest: their begins, milliseconds since the epoch. */
  readonly hours: readonly number[];
  /** @param key of the object that holds the line */
  take(line: string, key: string): void;
  /** Hears of each object that was begun in these hours, whether or not it was ever written. */
  hear?(object: BegunObject): void;
}

/** Where lines are found. */
export interface Shelves {
  readonly manifest: Manifest;
  readonly vault: Vault;
}

/** An object that could not be read, or that holds a line which could not. */
export interface Unreadable {
  readonly key: string;
  /** The first thing that was wrong with it. */
  readonly error: Error;
}

/**
 * Hands every line of the hours that somebody wants to whoever wants it. Each object is read once: every read is billed, and
 * logged. What cannot be read hinders nothing else.
 */
export async function lookThrough(
  readers: readonly LineReader[],
  { manifest, vault }: Shelves,
): Promise<readonly Unreadable[]> {
  const wanted = new Map<string, Set<LineReader>>();
  const unreadable = new Map<string, Unreadable>();
  const fails = (key: string, error: Error): void => {
    if (!unreadable.has(key)) unreadable.set(key, { key, error });
  };
  const trying = (key: string, work: () => void) => {
    try {
      work();
    } catch (cause) {
      fails(key, cause as Error);
    }
  };
  for (const hour of new Set(readers.flatMap(({ hours }) => hours))) {
    const takers = readers.filter(({ hours }) => hours.includes(hour));
    const { entries, begun } = await manifest.of(hour);
    for (const { key } of entries) wanted.set(key, new Set([...(wanted.get(key) ?? []), ...takers]));
    for (const object of begun) for (const taker of takers) trying(object.key, () => taker.hear?.(object));
  }
  for (const [key, takers] of wanted) {
    const text = await vault.get(key).catch((error: Error) => void fails(key, error));
    for (const line of text?.split("\n") ?? [])
      if (line !== "") for (const taker of takers) trying(key, () => taker.take(line, key));
  }
  return [...unreadable.values()];
}
