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

/** Hands every line of the hours that somebody wants to whoever wants it. Each object is read once: every read is billed, and logged. */
export async function lookThrough(readers: readonly LineReader[], { manifest, vault }: Shelves): Promise<void> {
  const wanted = new Map<string, Set<LineReader>>();
  for (const hour of new Set(readers.flatMap(({ hours }) => hours))) {
    const takers = readers.filter(({ hours }) => hours.includes(hour));
    for (const { key } of (await manifest.of(hour)).entries)
      wanted.set(key, new Set([...(wanted.get(key) ?? []), ...takers]));
  }
  for (const [key, takers] of wanted)
    for (const line of (await vault.get(key)).split("\n")) {
      if (line === "") continue;
      for (const taker of takers) taker.take(line);
    }
}
