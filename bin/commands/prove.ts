import { decodeTime } from "ulid";
import {
  type DigestContents,
  digestText,
  HOUR,
  hourOfKey,
  type SignedDigest,
} from "../../lambdas/domain/evidence/digest.ts";
import { type InclusionProof, proofOf } from "../../lambdas/domain/evidence/proof.ts";
import { attestedBy } from "../../lambdas/domain/evidence/signing.ts";
import { jsonIn, type Source, unpacked } from "../../lambdas/domain/evidence/verify/source.ts";
import type { Place } from "../place.ts";
import { type EvidenceOptions, type EvidencePlace, evidencePlace } from "./evidence-place.ts";

/**
 * Makes a proof that a record is under a signed digest.
 * @throws Error when the record is not archived, or no digest seals it yet
 */
export async function prove(place: Place, id: string, options: EvidenceOptions): Promise<InclusionProof> {
  const evidence = await evidencePlace(place, options);
  const keys: string[] = [];
  for await (const key of evidence.masked.list()) keys.push(key);
  const found = await objectOf(id, keys, evidence.masked);
  if (found === undefined) throw new Error(`the archive holds no record ${id}; a new one takes some seconds to arrive`);
  const sealedBy = await digestOf(found.key, id, keys, evidence);
  if (sealedBy === undefined)
    throw new Error(`no digest seals the record ${id} yet: the next one is written after the hour`);
  return proofOf(id, { lines: found.lines, objectKey: found.key, ...sealedBy });
}

/** An object's name tells the lowest and the highest record in it. */
const mayHold = (key: string, id: string) => {
  const [, lowest, highest] =
    /^transcripts\/.*\/([0-9A-Z]{26})-([0-9A-Z]{26})-[0-9a-f]{64}\.jsonl\.gz$/.exec(key) ?? [];
  return lowest !== undefined && highest !== undefined && lowest <= id && id <= highest;
};

async function objectOf(id: string, keys: readonly string[], source: Source) {
  for (const key of keys.filter((name) => mayHold(name, id))) {
    const bytes = await source.read(key);
    const text = bytes === undefined ? undefined : unpacked(bytes)?.toString("utf8");
    const lines = text?.split("\n").filter((line) => line !== "") ?? [];
    if (lines.some((line) => line.includes(`"id":"${id}"`))) return { key, lines };
  }
  return undefined;
}

async function digestOf(
  objectKey: string,
  id: string,
  keys: readonly string[],
  { masked, keys: trusted, pems }: EvidencePlace,
) {
  const hours = keys.flatMap((key) => ((hourOfKey(key) ?? 0) >= decodeTime(id) - HOUR ? [key] : [])).sort();
  for (const key of hours) {
    const signed = await jsonAt<SignedDigest>(masked, key);
    const contents = signed && (await jsonAt<DigestContents>(masked, signed.digest.contents.key));
    const publicKey = pems.find((_, at) => {
      const candidate = trusted[at];
      return candidate && signed && attestedBy(candidate, digestText(signed.digest), signed.signature);
    });
    if (signed && contents?.objects.some((object) => object.key === objectKey) && publicKey !== undefined)
      return { signed, contents, publicKey };
  }
  return undefined;
}

async function jsonAt<T>(source: Source, key: string): Promise<T | undefined> {
  const bytes = await source.read(key);
  return bytes === undefined ? undefined : (jsonIn(bytes) as T | undefined);
}
