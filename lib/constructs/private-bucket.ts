import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";

export interface PrivateBucketProps {
  readonly key: IKey;
  readonly accessLogs: IBucket;
  /** Where its access logs lie in the log bucket. */
  readonly logPrefix: string;
  /** Why it is not replicated, for a security reviewer; null when it is. */
  readonly notReplicatedBecause: string | null;
  /** @default none */
  readonly lock?: Pick<BucketProps, "objectLockEnabled" | "objectLockDefaultRetention">;
}

/** Parts of an upload that nobody ended cost money and are listed nowhere. */
export const ABANDONED_UPLOADS = { id: "AbandonedUploads", abortIncompleteMultipartUploadAfter: Duration.days(7) };

export const NOBODY_WAITS =
  "Nothing is done when an object comes or goes here, so a notice would reach nobody; who touches the evidence is told by CloudTrail and recorded.";

const NOT_OF_RECORD =
  "The evidence of record is locked, in the vaults; what lies here is on its way there, made from it, or told of in it.";

/** A bucket that nobody outside reaches: own key, TLS only, versioned, logged, kept when the stack goes. */
export class PrivateBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { key, accessLogs, logPrefix, notReplicatedBecause, lock }: PrivateBucketProps,
  ) {
    super(scope, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      ...(lock ?? { lifecycleRules: [ABANDONED_UPLOADS] }),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: logPrefix,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (notReplicatedBecause !== null)
      acknowledge(this, ["NIST.800.53.R5-S3BucketReplicationEnabled"], notReplicatedBecause);
    acknowledge(this, ["CT.S3.PR.4"], NOBODY_WAITS);
    if (lock === undefined) acknowledge(this, ["CT.S3.PR.9"], NOT_OF_RECORD);
    else
      acknowledge(
        this,
        ["CT.S3.PR.3", "CT.S3.PR.6"],
        "What is locked is kept: a lifecycle would expire or hide it, and the bucket's policy denies one.",
      );
  }
}
