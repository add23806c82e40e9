import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { CountersignError } from "../domain/error.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** A bucket under Object Lock: what is written there stays as it is. */
export interface Vault {
  /**
   * Writes an object once, gzipped. An object that is there already is success only if its hash agrees.
   * @throws CountersignError `evidence_unavailable` when it is not surely there
   */
  put(key: string, text: string): Promise<void>;
  get(key: string): Promise<string>;
  list(prefix: string): Promise<string[]>;
}

export function vault(environment: Environment, bucket: string): Vault {
  const client = new S3Client({
    ...clientOptions(environment, "S3", 10_000),
    forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined,
  });
  return {
    async put(Key, text) {
      const Body = gzipSync(text);
      const ChecksumSHA256 = createHash("sha256").update(Body).digest("base64");
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key,
            Body,
            ChecksumAlgorithm: "SHA256",
            ChecksumSHA256,
            IfNoneMatch: "*",
            ContentType: "application/x-ndjson",
            ContentEncoding: "gzip",
          }),
        );
      } catch (cause) {
        const exists = cause instanceof S3ServiceException && cause.name === "PreconditionFailed";
        if (exists && (await hashThere(client, bucket, Key)) === ChecksumSHA256) return;
        throw new CountersignError(
          "evidence_unavailable",
          exists ? "another object has this key" : "a vault does not answer",
          { cause },
        );
      }
    },
    async get(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const bytes = await Body?.transformToByteArray();
      return bytes === undefined ? "" : gunzipSync(bytes).toString("utf8");
    },
    async list(Prefix) {
      const keys: string[] = [];
      for (let ContinuationToken: string | undefined; ; ) {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken }));
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        ContinuationToken = page.NextContinuationToken;
        if (ContinuationToken === undefined) return keys.sort();
      }
    },
  };
}

/** The checksum of an object that is there; undefined when it cannot be had, which then counts as another object. */
async function hashThere(client: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }))).ChecksumSHA256;
  } catch {
    return undefined;
  }
}
