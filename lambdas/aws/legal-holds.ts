import {
  GetObjectLegalHoldCommand,
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Legal holds on the objects of a vault. */
export interface LegalHolds {
  /** Puts or lifts the hold of every version of an object. @returns whether any version had it otherwise */
  set(key: string, on: boolean): Promise<boolean>;
}

export function legalHolds(environment: Environment, Bucket: string): LegalHolds {
  const client = new S3Client({
    ...clientOptions(environment, "S3", 10_000),
    forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined,
  });
  const isOn = async (version: { readonly Key: string; readonly VersionId: string | undefined }) => {
    try {
      return (await client.send(new GetObjectLegalHoldCommand({ Bucket, ...version }))).LegalHold?.Status === "ON";
    } catch (cause) {
      // What S3 says of a version that never had one.
      if (cause instanceof Error && cause.name === "NoSuchObjectLockConfiguration") return false;
      throw cause;
    }
  };
  return {
    async set(Key, on) {
      let changed = false;
      for (let KeyMarker: string | undefined, VersionIdMarker: string | undefined; ; ) {
        const wish = { Bucket, Prefix: Key, KeyMarker, VersionIdMarker };
        const page = await client.send(new ListObjectVersionsCommand(wish));
        for (const { VersionId } of (page.Versions ?? []).filter((version) => version.Key === Key)) {
          if ((await isOn({ Key, VersionId })) === on) continue;
          const LegalHold = { Status: on ? ("ON" as const) : ("OFF" as const) };
          await client.send(new PutObjectLegalHoldCommand({ Bucket, Key, VersionId, LegalHold }));
          changed = true;
        }
        if (!page.IsTruncated) return changed;
        ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
      }
    },
  };
}
