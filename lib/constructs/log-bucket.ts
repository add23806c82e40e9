import { RemovalPolicy } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { ABANDONED_UPLOADS, NOBODY_WAITS } from "./private-bucket.ts";

/** Server access logs of the other buckets. It cannot be under Object Lock: S3 would not deliver to it. */
export class LogBucket extends Bucket {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [ABANDONED_UPLOADS],
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this,
      ["NIST.800.53.R5-S3BucketLoggingEnabled", "CT.S3.PR.2"],
      "It is itself the destination of access logs; logging it to itself would never end.",
    );
    acknowledge(
      this,
      ["NIST.800.53.R5-S3DefaultEncryptionKMS", "CT.S3.PR.10"],
      "S3 log delivery supports S3-managed keys for every kind of bucket; the logs hold no body of a call.",
    );
    acknowledge(
      this,
      ["CT.S3.PR.9"],
      "S3 delivers no access logs to a bucket with a default retention; they are not the evidence of record.",
    );
    acknowledge(this, ["CT.S3.PR.4"], NOBODY_WAITS);
    acknowledge(
      this,
      ["NIST.800.53.R5-S3BucketReplicationEnabled"],
      "Replication to a log-archive account is the adopter's choice of account; access logs are not the evidence of record.",
    );
  }
}
