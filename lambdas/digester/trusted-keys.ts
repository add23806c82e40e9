import { createPublicKey, type KeyObject } from "node:crypto";
import type { SigningKey } from "../aws/signing-key.ts";
import type { Vault } from "../aws/vault.ts";
import { vaultSource } from "../aws/vault-source.ts";
import { KEYS } from "../domain/evidence/prefixes.ts";
import { publishedKeys } from "../domain/evidence/published-keys.ts";
import type { Trust } from "../domain/evidence/verify/digest-at.ts";

/**
 * The keys that the digester trusts: those that KMS gives under the names that the deployment knows, the present one and those
 * that signed before it. The vault says from when on each signed, and adds none: a key that somebody planted there is no
 * key of KMS's. A key of which nothing sound is published, because something else was put in its place, signs no hour: the check of
 * what it signed raises the alarm.
 */
export async function trustedKeys(keys: readonly SigningKey[], vault: Vault): Promise<Trust> {
  const trusted = await Promise.all(keys.map(async (key) => createPublicKey(await key.publicKey())));
  const validFrom = new Map<KeyObject, number>(trusted.map((key) => [key, Number.POSITIVE_INFINITY]));
  for (const { publicKey, validFrom: from } of await publishedKeys(vaultSource(vault, [KEYS]))) {
    const key = trusted.find((one) => one.export({ type: "spki", format: "pem" }) === publicKey);
    if (key !== undefined) validFrom.set(key, Date.parse(from));
  }
  return { keys: trusted, validFrom };
}
