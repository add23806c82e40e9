import { sha256Hex } from "../json/canonical.ts";
import { KEYS, type PublishedKey } from "./digest.ts";
import { jsonIn, type Source } from "./verify/source.ts";

/** Where a public key (PEM) is published: the place names the key, and is written once, so that nobody else says from when on it signs. */
export const publishedAt = (publicKey: string): string => `${KEYS}${sha256Hex(publicKey).slice(0, 32)}.json.gz`;

/**
 * The keys that a vault publishes, each in its own place. Whoever may write to the vault may publish any key: what is here
 * says from when on a key signs, and never that it is to be trusted.
 */
export async function publishedKeys(source: Source): Promise<PublishedKey[]> {
  const found: PublishedKey[] = [];
  for await (const key of source.list()) {
    if (!key.startsWith(KEYS)) continue;
    const bytes = await source.read(key);
    const published = bytes === undefined ? undefined : (jsonIn(bytes) as Partial<PublishedKey> | null | undefined);
    const { keyId = "", publicKey, validFrom } = published ?? {};
    if (typeof publicKey !== "string" || typeof validFrom !== "string" || publishedAt(publicKey) !== key) continue;
    if (!Number.isNaN(Date.parse(validFrom))) found.push({ keyId, publicKey, validFrom });
  }
  return found;
}
