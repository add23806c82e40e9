import type { SigningKey } from "../aws/signing-key.ts";
import type { Vault } from "../aws/vault.ts";
import type { PublishedKey } from "../domain/evidence/digest.ts";
import { publicationText, publishedAt } from "../domain/evidence/published-keys.ts";

/** Publishes the signing key beside the digests, once. @param hour the first that it signs */
export async function publishKey(vault: Vault, key: SigningKey, hour: number): Promise<void> {
  const publicKey = await key.publicKey();
  const name = publishedAt(publicKey);
  if ((await vault.read(name)) !== undefined) return;
  const said = { publicKey, validFrom: new Date(hour).toISOString() };
  const signature = await key.sign(publicationText(said));
  await vault.put(name, JSON.stringify({ keyId: key.keyId, ...said, signature } satisfies PublishedKey));
}
