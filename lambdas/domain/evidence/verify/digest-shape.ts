import type { SignedDigest } from "../digest.ts";
import { isCount, isText, isTime, only, orNull } from "./shape.ts";

const isDigest = only({
  v: isCount,
  purpose: isText,
  key: isText,
  hour: isTime,
  writtenAt: isText,
  contents: only({ key: isText, hash: isText }),
  objects: isCount,
  records: isCount,
  writers: isCount,
  root: isText,
  previous: orNull(only({ hour: isTime, hash: isText })),
});

const isSignedDigest = only({ digest: isDigest, keyId: isText, signature: isText });

/** What lies at a digest's place, where it has the shape of one; undefined where it has not. It is not yet known who wrote it. */
export const signedDigestIn = (value: unknown): SignedDigest | undefined =>
  isSignedDigest(value) ? (value as SignedDigest) : undefined;
