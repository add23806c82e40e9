import { type DigestContents, objectLeaf, type SignedDigest } from "./digest.ts";
import { hashedText } from "./line.ts";
import { auditPath } from "./merkle.ts";
import { isQuarantined, leafOf } from "./quarantine.ts";
import type { LedgerRecord } from "./record.ts";

/** Where a leaf stands in a tree of RFC 6962. */
interface Place {
  readonly index: number;
  readonly size: number;
  /** Sibling hashes (hex), nearest first. */
  readonly path: readonly string[];
}

/** All that is needed to see that one record is under a signed digest; nothing of any other record. */
export interface InclusionProof {
  readonly v: 1;
  readonly kind: "countersign-inclusion-proof";
  /** The record's canonical text: the very bytes that were hashed. */
  readonly record: string;
  /** Its place in the object that holds it. */
  readonly inObject: Place;
  /** The object as the digest lists it, with the root over its records. */
  readonly object: DigestContents["objects"][number];
  /** The object's place under the digest's root. */
  readonly inDigest: Place;
  readonly signed: SignedDigest;
  /** PEM. A checker must hold it from elsewhere: here it only tells which one. */
  readonly publicKey: string;
}

/** What a proof is made of. */
export interface ProofSources {
  /** The archived lines of the object that holds the record. */
  readonly lines: readonly string[];
  readonly objectKey: string;
  readonly contents: DigestContents;
  readonly signed: SignedDigest;
  readonly publicKey: string;
}

/** @throws Error when the object does not hold the record, or the digest not the object */
export function proofOf(id: string, { lines, objectKey, contents, signed, publicKey }: ProofSources): InclusionProof {
  const texts = lines.map(hashedText);
  const index = texts.findIndex((text) => text.includes(id) && (JSON.parse(text) as LedgerRecord).id === id);
  const at = contents.objects.findIndex(({ key }) => key === objectKey);
  const [record, object] = [texts[index], contents.objects[at]];
  if (record === undefined || object === undefined) throw new Error(`the digest does not cover the record ${id}`);
  if (isQuarantined(JSON.parse(record)))
    throw new Error(`the record ${id} is quarantined: its original, which the digest covers, is not shown`);
  return {
    v: 1,
    kind: "countersign-inclusion-proof",
    record,
    inObject: {
      index,
      size: texts.length,
      path: auditPath(
        texts.map((text) => leafOf(text, JSON.parse(text) as LedgerRecord)),
        index,
      ),
    },
    object,
    inDigest: { index: at, size: contents.objects.length, path: auditPath(contents.objects.map(objectLeaf), at) },
    signed,
    publicKey,
  };
}
