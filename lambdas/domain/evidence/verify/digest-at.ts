import type { KeyObject } from "node:crypto";
import { sha256Hex } from "../../json/canonical.ts";
import { type Digest, type DigestContents, digestKey, digestText, objectLeaf, type SignedDigest } from "../digest.ts";
import { treeHash } from "../merkle.ts";
import { attestedBy } from "../signing.ts";
import { signedDigestIn } from "./digest-shape.ts";
import type { Finding } from "./outcome.ts";
import { jsonIn, type Source, unpacked } from "./source.ts";

/** Keys that are trusted, and from when on. */
export interface Trust {
  readonly keys: readonly KeyObject[];
  /** Milliseconds: the first hour whose digest a key may sign. One that is not in it signs from ever. */
  readonly validFrom: ReadonlyMap<KeyObject, number>;
}

/** Why a digest, or its list, vouches for nothing. */
export type Fault = Pick<Finding, "outcome" | "what" | "why">;

/** What is read of a vault to judge a digest. */
type Read = Pick<Source, "read">;

const firstHourOf = (key: KeyObject, { validFrom }: Trust) => validFrom.get(key) ?? Number.NEGATIVE_INFINITY;

/** Whether a key was replaced by then: its time ends where that of the next one begins. */
const isReplaced = (key: KeyObject, hour: number, trust: Trust) =>
  trust.keys.some((next) => firstHourOf(next, trust) <= hour && firstHourOf(next, trust) > firstHourOf(key, trust));

/**
 * Judges what lies at the place of an hour's digest: whether it is one, was written for that place, and is signed by a key
 * that signed in that hour. Verifying and the digester judge alike, so that what one finds the other does not go on with.
 */
export async function digestAt(
  source: Read,
  hour: number,
  trust: Trust,
): Promise<{ readonly signed: SignedDigest; readonly signer: KeyObject } | Fault> {
  const what = digestKey(hour);
  const bytes = await source.read(what);
  const signed = bytes === undefined ? undefined : signedDigestIn(jsonIn(bytes));
  if (signed === undefined)
    return { outcome: "altered", what, why: "it cannot be read: half a download, or no digest" };
  const { digest, signature } = signed;
  const text = digestText(digest);
  const signers = trust.keys.filter((trusted) => attestedBy(trusted, text, signature));
  const unsigned = (why: string): Fault => ({ outcome: "bad-signature", what, why });
  if (digest.purpose !== "countersign-digest" || signers.length === 0)
    return unsigned("no key that is trusted has signed it");
  if (digest.key !== what) return { outcome: "moved", what, why: `it was written as ${digest.key}` };
  // Whoever gets hold of a later key must not write an earlier history with it.
  const begun = signers.filter((signer) => hour >= firstHourOf(signer, trust));
  if (begun.length === 0) return unsigned("the key that signed it is valid from a later hour on");
  // And whoever gets hold of one that was replaced must not write what comes after.
  const signer = begun.find((one) => !isReplaced(one, hour, trust));
  return signer === undefined ? unsigned("the key that signed it was replaced by then") : { signed, signer };
}

/** The list that a digest speaks of, where it is the one that was signed. */
export async function contentsOf(source: Read, { contents, root }: Digest): Promise<DigestContents | Fault> {
  const what = contents.key;
  const bytes = await source.read(what);
  if (bytes === undefined) return { outcome: "missing", what, why: "the list of what a digest seals" };
  const text = unpacked(bytes)?.toString("utf8");
  if (text === undefined || sha256Hex(text) !== contents.hash)
    return { outcome: "altered", what, why: "the list is not the one that was signed" };
  const listed = JSON.parse(text) as DigestContents;
  if (treeHash(listed.objects.map(objectLeaf)) !== root)
    return { outcome: "altered", what, why: "the list does not give the root that was signed" };
  return listed;
}
