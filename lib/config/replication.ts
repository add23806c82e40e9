import * as z from "zod";

const arn = (service: string, resource: string, words: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:${resource}$`), words);

const vault = z.strictObject({
  bucketArn: arn("s3::", "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the ARN of a bucket").describe(
    "A bucket of yours with versions and Object Lock, whose own default retention is at least as long",
  ),
  keyArn: arn("kms", "[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+", "the ARN of a key").describe(
    "The key that its objects are encrypted with, in the bucket's region",
  ),
});

/** Where both vaults, and with the masked one the digests, are copied to. */
export const replication = z.strictObject({
  account: z
    .string()
    .regex(/^[0-9]{12}$/, "twelve digits, in quotes")
    .describe("The account that owns the copies, such as your log archive; this account for another region alone"),
  masked: vault,
  sealed: vault,
});

export type ReplicationConfig = z.infer<typeof replication>;
export type ReplicaConfig = ReplicationConfig["masked"];
