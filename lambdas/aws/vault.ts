import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { CountersignError } from "../domain/error.ts";
import type { StoredObject } from "../domain/evidence/digest.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Two thirds of the default level's time, for objects that are 4 % larger (`npm run bench -- evidence`). */
const LEVEL = 4;

/** A bucket under Object Lock: what is written there stays as it is. */
export interface Vault {
  /**
   * Writes an object once, gzipped. An object that is there already is success only if its hash agrees.
   * @returns what a digest says of it
   * @throws CountersignError `evidence_unavailable` when it is not surely there
   */
  put(key: string, text: string): Promise<StoredObject>;
  get(key: string): Promise<string>;
  /** What a digest says of an object that is there; undefined when there is none. */
  stored(key: string): Promise<StoredObject | undefined>;
  /** The stored bytes as they are; undefined when there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
  list(prefix: string): Promise<string[]>;
  /** The prefixes under a prefix that go on to the next slash: what folders there are, not what lies in them. */
  folders(prefix: string): Promise<string[]>;
}

export function vault(environment: Environment, bucket: string): Vault {
  const client = new S3Client({
    ...clientOptions(environment, "S3", 10_000),
    forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined,
  });
  return {
    async put(Key, text) {
      const Body = gzipSync(text, { level: LEVEL });
      const digest = createHash("sha256").update(Body).digest();
      const ChecksumSHA256 = digest.toString("base64");
      const stored = (version: string | undefined) => ({ version: version ?? "", hash: digest.toString("hex") });
      try {
        const { VersionId } = await client.send(
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
        return stored(VersionId);
      } catch (cause) {
        const exists = cause instanceof S3ServiceException && cause.name === "PreconditionFailed";
        // What cannot be had counts as another object.
        const there = exists ? await headOf(client, bucket, Key).catch(() => undefined) : undefined;
        if (there?.ChecksumSHA256 === ChecksumSHA256) return stored(there.VersionId);
        throw new CountersignError(
          "evidence_unavailable",
          exists ? "another object has this key" : "a vault does not answer",
          { cause },
        );
      }
    },
    async stored(Key) {
      try {
        const { ChecksumSHA256 = "", VersionId = "" } = await headOf(client, bucket, Key);
        return { version: VersionId, hash: Buffer.from(ChecksumSHA256, "base64").toString("hex") };
      } catch (cause) {
        if (cause instanceof NotFound) return undefined;
        throw cause;
      }
    },
    async get(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const bytes = await Body?.transformToByteArray();
      return bytes === undefined ? "" : gunzipSync(bytes).toString("utf8");
    },
    async read(Key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return await Body?.transformToByteArray();
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },
    async list(Prefix) {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix }))
        keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return keys.sort();
    },
    async folders(Prefix) {
      const found: string[] = [];
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix, Delimiter: "/" });
      for await (const { CommonPrefixes = [] } of pages)
        found.push(...CommonPrefixes.flatMap((each) => each.Prefix ?? []));
      return found.sort();
    },
  };
}

/** Checksum and version of an object that is there. */
const headOf = (client: S3Client, Bucket: string, Key: string): Promise<HeadObjectCommandOutput> =>
  client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
