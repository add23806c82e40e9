import { createPublicKey, type KeyObject } from "node:crypto";
import { canonical, sha256Hex } from "../json/canonical.ts";
import type { PublishedKey } from "./digest.ts";
import { KEYS } from "./prefixes.ts";
import { attestedBy } from "./signing.ts";
import { jsonIn, type Source } from "./verify/source.ts";

/** Where a public key (PEM) is published: the place names the key, and is written once. */
export const publishedAt = (publicKey: string): string => `${KEYS}${sha256Hex(publicKey).slice(0, 32)}.json.gz`;

/** What a key signs of itself. The purpose keeps it from passing for a digest or a writer's attestation. */
export const publicationText = ({ publicKey, validFrom }: Pick<PublishedKey, "publicKey" | "validFrom">): string =>
  canonical({ purpose: "countersign-key", publicKey, validFrom });

/**
 * The keys that a vault publishes, each in its own place and signed with itself: who may write to the vault, and cannot sign, says
 * nothing of another's key. They may publish one of their own, so what is here says from when on a key signs, and never that it
 * is to be trusted. Whatever else lies there is passed over.
 */
export async function publishedKeys(source: Source): Promise<PublishedKey[]> {
  const found: PublishedKey[] = [];
  for await (const key of source.list()) {
    if (!key.startsWith(KEYS)) continue;
    const bytes = await source.read(key);
    const published = bytes === undefined ? undefined : (jsonIn(bytes) as Partial<PublishedKey> | null | undefined);
    const { keyId, publicKey, validFrom, signature } = published ?? {};
    if (![keyId, publicKey, validFrom, signature].every((member) => typeof member === "string")) continue;
    const said = { keyId, publicKey, validFrom, signature } as PublishedKey;
    if (publishedAt(said.publicKey) === key && isSound(said)) found.push(said);
  }
  return found;
}

function isSound({ publicKey, validFrom, signature }: PublishedKey): boolean {
  const key = keyIn(publicKey);
  const time = Date.parse(validFrom);
  if (key === undefined || Number.isNaN(time) || new Date(time).toISOString() !== validFrom) return false;
  return attestedBy(key, publicationText({ publicKey, validFrom }), signature);
}

/** The key, where it is spelled as the digester spells it: another spelling of the same key would have a place of its own. */
function keyIn(publicKey: string): KeyObject | undefined {
  try {
    const key = createPublicKey(publicKey);
    const isOurs = key.asymmetricKeyDetails?.namedCurve === "prime256v1";
    return isOurs && key.export({ type: "spki", format: "pem" }) === publicKey ? key : undefined;
  } catch {
    return undefined;
  }
}
