import { decodeTime } from "ulid";
import { HOUR, hourOfKey } from "../../lambdas/domain/evidence/digest.ts";
import { type InclusionProof, proofOf } from "../../lambdas/domain/evidence/proof.ts";
import { contentsOf, digestAt } from "../../lambdas/domain/evidence/verify/digest-at.ts";
import { type Source, unpacked } from "../../lambdas/domain/evidence/verify/source.ts";
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
  if (found === undefined)
    throw new Error(`the archive holds no record ${id}; a new one takes about a minute to arrive`);
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
  { masked, keys: trusted, validFrom, pems }: EvidencePlace,
) {
  const hours = keys.flatMap((key) => hourOfKey(key) ?? []).filter((hour) => hour >= decodeTime(id) - HOUR);
  for (const hour of hours.sort((a, b) => a - b)) {
    const judged = await digestAt(masked, hour, { keys: trusted, validFrom });
    if ("outcome" in judged) continue;
    const { signed, signer } = judged;
    const contents = await contentsOf(masked, signed.digest);
    const publicKey = pems[trusted.indexOf(signer)];
    if ("outcome" in contents || publicKey === undefined) continue;
    if (contents.objects.some((object) => object.key === objectKey)) return { signed, contents, publicKey };
  }
  return undefined;
}
