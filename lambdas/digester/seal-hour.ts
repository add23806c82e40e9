import type { Manifest, Noted } from "../aws/manifest.ts";
import type { SigningKey } from "../aws/signing-key.ts";
import type { Vault } from "../aws/vault.ts";
import { digestOf, digestText, HOUR, type ManifestEntry, type SignedDigest } from "../domain/evidence/digest.ts";
import { contentsOf, digestAt, type Trust } from "../domain/evidence/verify/digest-at.ts";

/** What sealing an hour needs. */
export interface Sealing {
  /** The masked one, where digests lie. */
  readonly vault: Vault;
  readonly sealed: Vault;
  readonly manifest: Manifest;
  readonly key: SigningKey;
  /** The keys whose digests are gone on with, each in its time. */
  readonly trust: Trust;
  readonly now: () => number;
}

/** Hours before the first digest that it looks back: longer than a digester may fail after the first deployment. */
const LOOK_BACK = 7 * 24;
/** Queries under way at once. */
const TOGETHER = 24;

/**
 * Writes the digest of an hour over all that was noted until its end and is in no digest yet. One place for each hour,
 * written once: when another run was faster, its digest stands. Where the last one is not one that we signed for that hour, or its
 * list is not the signed one, the chain begins anew: what somebody put there must not say what is sealed already.
 */
export async function sealHour(hour: number, last: number | undefined, sealing: Sealing): Promise<void> {
  const { vault, manifest, key, now } = sealing;
  const previous = last === undefined ? undefined : await soundDigest(last, sealing);
  const noted = await notedIn(manifest, hoursUntil(hour, previous === undefined ? LOOK_BACK : 2));
  const entries = [...noted.entries, ...(await unfinished(noted, sealing))];
  const before = new Set(previous?.contents.objects.map((object) => object.key));
  const fresh = entries.filter((entry) => !before.has(entry.key));
  const link = previous === undefined ? undefined : { hour: hour - HOUR, text: digestText(previous.digest) };
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

/** The digest of an hour with its list, judged as verifying judges it; undefined where it vouches for nothing. */
async function soundDigest(hour: number, { vault, trust }: Sealing) {
  const judged = await digestAt(vault, hour, trust);
  if ("outcome" in judged) return undefined;
  const contents = await contentsOf(vault, judged.signed.digest);
  return "outcome" in contents ? undefined : { digest: judged.signed.digest, contents };
}
