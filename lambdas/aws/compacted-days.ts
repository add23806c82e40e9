import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { compactFolder } from "../../lib/queries/compaction.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The days that lie in Parquet: copies, which can be made again from the vault at any time. */
export interface CompactedDays {
  has(day: string): Promise<boolean>;
  /** Deletes a day's files, so that it can be made anew. */
  clear(day: string): Promise<void>;
}

export function compactedDays(environment: Environment): CompactedDays {
  const client = new S3Client({
    ...clientOptions(environment, "S3", 10_000),
    forcePathStyle: environment.AWS_ENDPOINT_URL !== undefined,
  });
  const Bucket = requireEnv(environment, ENV.compactedBucket);
  const some = async (day: string) => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: compactFolder(day) }));
    return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
  };
  return {
    has: async (day) => (await some(day)).length > 0,
    async clear(day) {
      for (let Objects = await some(day); Objects.length > 0; Objects = await some(day))
        await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    },
  };
}
