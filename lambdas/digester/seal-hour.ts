import type { Manifest } from "../aws/manifest.ts";
import type { SigningKey } from "../aws/signing-key.ts";
import type { Vault } from "../aws/vault.ts";
import {
  type DigestContents,
  digestKey,
  digestOf,
  digestText,
  HOUR,
  type ManifestEntry,
  type SignedDigest,
} from "../domain/evidence/digest.ts";

/** What sealing an hour needs. */
export interface Sealing {
  readonly vault: Vault;
  readonly manifest: Manifest;
  readonly key: SigningKey;
  readonly now: () => number;
}

/** Hours before the first digest that it looks back: longer than a digester may fail after the first deployment. */
const LOOK_BACK = 7 * 24;
/** Queries under way at once. */
const TOGETHER = 24;

/**
 * Writes the digest of an hour over all that was noted until its end and is in no digest yet. One place for each hour,
 * written once: when another run was faster, its digest stands.
 */
export async function sealHour(hour: number, before: number | undefined, sealing: Sealing): Promise<void> {
  const { vault, manifest, key, now } = sealing;
  const previous = before === undefined ? undefined : await digestAt(vault, before);
  const entries =
    previous === undefined
      ? await notedIn(manifest, hoursUntil(hour, LOOK_BACK))
      : await notedIn(manifest, hoursUntil(hour, 2));
  const sealed = new Set(previous?.contents.objects.map((object) => object.key));
  const fresh = entries.filter((entry) => !sealed.has(entry.key));
  const link = previous === undefined ? undefined : { hour: hour - HOUR, text: digestText(previous.signed.digest) };
  const { digest, contents } = digestOf(hour, fresh, link, now());
  const signed: SignedDigest = { digest, keyId: key.keyId, signature: await key.sign(digestText(digest)) };
  await vault.put(digest.contents.key, contents);
  try {
    await vault.put(digest.key, JSON.stringify(signed));
  } catch (cause) {
    if ((await vault.read(digest.key)) === undefined) throw cause;
  }
}

const hoursUntil = (hour: number, count: number) => Array.from({ length: count }, (_, at) => hour - at * HOUR);

async function notedIn(manifest: Manifest, hours: readonly number[]): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for (let at = 0; at < hours.length; at += TOGETHER)
    entries.push(...(await Promise.all(hours.slice(at, at + TOGETHER).map((hour) => manifest.of(hour)))).flat());
  return entries;
}

async function digestAt(vault: Vault, hour: number) {
  const signed = JSON.parse(await vault.get(digestKey(hour))) as SignedDigest;
  const contents = JSON.parse(await vault.get(signed.digest.contents.key)) as DigestContents;
  return { signed, contents };
}
