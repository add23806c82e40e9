import { RemovalPolicy } from "aws-cdk-lib";
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
      ...lock,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: logPrefix,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (notReplicatedBecause !== null)
      acknowledge(this, ["NIST.800.53.R5-S3BucketReplicationEnabled"], notReplicatedBecause);
  }
}
