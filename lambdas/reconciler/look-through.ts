import type { Manifest } from "../aws/manifest.ts";
import type { Vault } from "../aws/vault.ts";

/** Somebody who wants the archive's lines of some hours. */
export interface LineReader {
  /** Hours of the manifest: their begins, milliseconds since the epoch. */
  readonly hours: readonly number[];
  take(line: string): void;
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
  for (const hour of new Set(readers.flatMap(({ hours }) => hours))) {
    const takers = readers.filter(({ hours }) => hours.includes(hour));
    for (const { key } of (await manifest.of(hour)).entries)
      wanted.set(key, new Set([...(wanted.get(key) ?? []), ...takers]));
  }
  const unreadable = new Map<string, Unreadable>();
  const fails = (key: string, error: Error) => unreadable.has(key) || unreadable.set(key, { key, error });
  for (const [key, takers] of wanted) {
    const text = await vault.get(key).catch((error: Error) => void fails(key, error));
    for (const line of text?.split("\n") ?? []) {
      if (line === "") continue;
      for (const taker of takers)
        try {
          taker.take(line);
        } catch (cause) {
          fails(key, cause as Error);
        }
    }
  }
  return [...unreadable.values()];
}
