import { createHash } from "node:crypto";
import type { SigningKey } from "../aws/signing-key.ts";
import type { Vault } from "../aws/vault.ts";
import { KEYS, type PublishedKey } from "../domain/evidence/digest.ts";

/** Publishes the signing key beside the digests, once. @returns PEM */
export async function publishKey(vault: Vault, key: SigningKey, hour: number): Promise<string> {
  const publicKey = await key.publicKey();
  const name = `${KEYS}${createHash("sha256").update(publicKey).digest("hex").slice(0, 32)}.json.gz`;
  if ((await vault.read(name)) !== undefined) return publicKey;
  const published: PublishedKey = { keyId: key.keyId, publicKey, validFrom: new Date(hour).toISOString() };
  await vault.put(name, JSON.stringify(published));
  return publicKey;
}
