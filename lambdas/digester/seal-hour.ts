import type { KeyObject } from "node:crypto";
import type { Manifest, Noted } from "../aws/manifest.ts";
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
import { attestedBy } from "../domain/evidence/signing.ts";
import { jsonIn } from "../domain/evidence/verify/source.ts";

/** What sealing an hour needs. */
export interface Sealing {
  /** The masked one, where digests lie. */
  readonly vault: Vault;
  readonly sealed: Vault;
  readonly manifest: Manifest;
  readonly key: SigningKey;
  /** The keys whose digests are gone on with. */
  readonly trusted: readonly KeyObject[];
  readonly now: () => number;
}

/** Hours before the first digest that it looks back: longer than a digester may fail after the first deployment. */
const LOOK_BACK = 7 * 24;
/** Queries under way at once. */
const TOGETHER = 24;

/**
 * Writes the digest of an hour over all that was noted until its end and is in no digest yet. One place for each hour,
 * written once: when another run was faster, its digest stands. Where the last one is not one that we signed, the chain begins
 * anew: what somebody put there must not say what is sealed already.
 */
export async function sealHour(hour: number, last: number | undefined, sealing: Sealing): Promise<void> {
  const { vault, manifest, key, now } = sealing;
  const previous = last === undefined ? undefined : await digestAt(last, sealing);
  const noted = await notedIn(manifest, hoursUntil(hour, previous === undefined ? LOOK_BACK : 2));
  const entries = [...noted.entries, ...(await unfinished(noted, sealing))];
  const before = new Set(previous?.contents.objects.map((object) => object.key));
  const fresh = entries.filter((entry) => !before.has(entry.key));
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

async function notedIn(manifest: Manifest, hours: readonly number[]): Promise<Noted> {
  const found: Noted[] = [];
  for (let at = 0; at < hours.length; at += TOGETHER)
    found.push(...(await Promise.all(hours.slice(at, at + TOGETHER).map((hour) => manifest.of(hour)))));
  return { entries: found.flatMap(({ entries }) => entries), begun: found.flatMap(({ begun }) => begun) };
}

/**
 * Objects that lie in both vaults and whose archiver died before it could say so. Their records are archived again, maybe
 * in other pieces; what lies in a vault is sealed all the same.
 */
async function unfinished({ entries, begun }: Noted, { vault, sealed }: Sealing): Promise<ManifestEntry[]> {
  const finished = new Set(entries.map(({ key }) => key));
  const found: ManifestEntry[] = [];
  for (const object of begun) {
    if (finished.has(object.key)) continue;
    const [inMasked, inSealed] = await Promise.all([vault.stored(object.key), sealed.stored(object.key)]);
    if (inMasked && inSealed) found.push({ ...object, masked: inMasked, sealed: inSealed });
  }
  return found;
}

/** The digest of an hour with its list; undefined where what is there is none of ours. */
async function digestAt(hour: number, { vault, trusted }: Sealing) {
  const bytes = await vault.read(digestKey(hour));
  const signed = bytes === undefined ? undefined : (jsonIn(bytes) as SignedDigest | null | undefined);
  if (typeof signed?.digest !== "object" || typeof signed.signature !== "string") return undefined;
  const text = digestText(signed.digest);
  if (!trusted.some((key) => attestedBy(key, text, signed.signature))) return undefined;
  const contents = JSON.parse(await vault.get(signed.digest.contents.key)) as DigestContents;
  return { signed, contents };
}
