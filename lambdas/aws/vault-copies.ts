import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { CountersignError } from "../domain/error.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** An object as it is now, and the name of that state. */
export interface Present {
  readonly text: string;
  readonly etag: string;
}

/**
 * A vault whose objects get a newer version: what was there stays locked, and who may read versions reads it. The bucket's
 * policy lets the audit function's role alone do so, and only over what it has read.
 */
export interface VaultCopies {
  present(key: string): Promise<Present | undefined>;
  /** @throws CountersignError `evidence_unavailable` when it is no longer what was read */
  replace(key: string, text: string, over: Present): Promise<void>;
}

export function vaultCopies(environment: Environment, Bucket: string): VaultCopies {
  const client = new S3Client({
    ...clientOptions(environment, "S3", 10_000),
    forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined,
  });
  return {
    async present(Key) {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const bytes = await Body?.transformToByteArray();
        return bytes === undefined || ETag === undefined
          ? undefined
          : { text: gunzipSync(bytes).toString("utf8"), etag: ETag };
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },
    async replace(Key, text, { etag }) {
      const Body = gzipSync(text);
      try {
        await client.send(
          new PutObjectCommand({
            Bucket,
            Key,
            Body,
            ChecksumAlgorithm: "SHA256",
            ChecksumSHA256: createHash("sha256").update(Body).digest("base64"),
            IfMatch: etag,
            ContentType: "application/x-ndjson",
            ContentEncoding: "gzip",
          }),
        );
      } catch (cause) {
        if (!(cause instanceof S3ServiceException)) throw cause;
        throw new CountersignError("evidence_unavailable", "a vault did not take the copy: run it again", { cause });
      }
    },
  };
}
