import { canonical, sha256Hex } from "../json/canonical.ts";
import { hourFolder, mergeRanges, type WriterRange } from "./archive-object.ts";
import { leafHash } from "./line.ts";
import { treeHash } from "./merkle.ts";
import { DIGESTS } from "./prefixes.ts";

export const HOUR = 3_600_000;
/** Begin of the hour of a time, both milliseconds since the epoch. */
export const hourOf = (time: number): number => Math.floor(time / HOUR) * HOUR;

/** An object as a vault keeps it. */
export interface StoredObject {
  readonly version: string;
  /** SHA-256 (hex) of the stored bytes, gzipped as they are. */
  readonly hash: string;
}

/** One archive object as a digest lists it. */
export interface ListedObject {
  readonly key: string;
  readonly records: number;
  /** Root of the tree over the leaf hashes of its records, in their order. */
  readonly root: string;
  readonly masked: StoredObject;
  readonly sealed: StoredObject;
}

/** What the archiver leaves for the digester, once both vaults hold an object. */
export interface ManifestEntry extends ListedObject {
  readonly writers: readonly WriterRange[];
}

/** What the archiver leaves before it writes an object to the vaults: it may die on the way, and never come back to it. */
export type BegunObject = Omit<ManifestEntry, "masked" | "sealed">;

/** The list that a digest speaks of: objects by key, writers by id. */
export interface DigestContents {
  readonly objects: readonly ListedObject[];
  readonly writers: readonly WriterRange[];
}

/** What is signed each hour, also for an empty one. Small, so that a proof can carry it. */
export interface Digest {
  readonly v: 1;
  readonly purpose: "countersign-digest";
  /** Its own key: a digest that lies elsewhere was moved. */
  readonly key: string;
  /** RFC 3339 UTC: the hour whose end it was written after. */
  readonly hour: string;
  readonly writtenAt: string;
  /** Key of the list, and SHA-256 (hex) of its text. */
  readonly contents: { readonly key: string; readonly hash: string };
  readonly objects: number;
  readonly records: number;
  readonly writers: number;
  /** Root of the RFC 6962 tree over the listed objects, each hashed as a leaf in canonical JSON. */
  readonly root: string;
  /** SHA-256 (hex) of the text of the digest before, and its hour; null for the first. */
  readonly previous: { readonly hour: string; readonly hash: string } | null;
}

/** A digest as it lies in the masked vault: its text and the signature beside it. */
export interface SignedDigest {
  readonly digest: Digest;
  /** ARN of the signing key. */
  readonly keyId: string;
  /** ECDSA on P-256 with SHA-256, DER, base64, over the canonical text of `digest`. */
  readonly signature: string;
}

/** A signing key as it is published beside the digests. */
export interface PublishedKey {
  readonly keyId: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
  /** RFC 3339 UTC: the first hour that it signed. */
  readonly validFrom: string;
  /** The key's own over both, as digests are signed. */
  readonly signature: string;
}

/** Key of the digest of an hour: one place for it, so that there can never be two. */
export const digestKey = (hour: number): string => `${DIGESTS}${hourFolder(hour)}digest.json.gz`;

/** The hour of a digest's key; undefined for another key. */
export function hourOfKey(key: string): number | undefined {
  const [, day, hour] = /^digests\/dt=(\d{4}-\d{2}-\d{2})\/hh=(\d{2})\/digest\.json\.gz$/.exec(key) ?? [];
  const time = Date.parse(`${day}T${hour}:00:00.000Z`);
  return Number.isNaN(time) ? undefined : time;
}

export const digestText = (digest: Digest): string => canonical(digest);

/** Leaf hash of a listed object, without what else the list's reader may know of it. */
export const objectLeaf = ({ key, records, root, masked, sealed }: ListedObject): string =>
  leafHash(canonical({ key, records, root, masked, sealed }));

/**
 * The digest of an hour over what it seals.
 *
 * @param entries manifest entries that no digest before has sealed; the same object may come twice
 * @param before text of the digest of the hour before; undefined for the first
 */
export function digestOf(
  hour: number,
  entries: readonly ManifestEntry[],
  before: { readonly hour: number; readonly text: string } | undefined,
  now: number,
): { readonly digest: Digest; readonly contents: string } {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const objects = [...byKey.values()]
    .map(({ writers: _, ...object }) => object)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const writers = mergeRanges([...byKey.values()].flatMap((entry) => entry.writers));
  const contents = canonical({ objects, writers } satisfies DigestContents);
  const hash = sha256Hex(contents);
  const digest: Digest = {
    v: 1,
    purpose: "countersign-digest",
    key: digestKey(hour),
    hour: new Date(hour).toISOString(),
    writtenAt: new Date(now).toISOString(),
    contents: { key: `${DIGESTS}${hourFolder(hour)}contents-${hash}.json.gz`, hash },
    objects: objects.length,
    records: objects.reduce((sum, { records }) => sum + records, 0),
    writers: writers.length,
    root: treeHash(objects.map(objectLeaf)),
    previous: before === undefined ? null : { hour: new Date(before.hour).toISOString(), hash: sha256Hex(before.text) },
  };
  return { digest, contents };
}
