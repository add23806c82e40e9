import { Duration } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type IBucket, ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Config } from "../config/schema.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface VaultBucketProps {
  readonly key: IKey;
  readonly retention: Config["retention"];
  readonly accessLogs: IBucket;
}

/** A bucket under Object Lock: every object is written once and kept for the retention. */
export class VaultBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key, retention, accessLogs }: VaultBucketProps) {
    const days = Duration.days(retention.days);
    super(scope, id, {
      key,
      accessLogs,
      logPrefix: `${id.toLowerCase()}/`,
      notReplicatedBecause:
        "A second account or region is the adopter's to name; without one there is nowhere to replicate to. Point-in-time proof does not depend on it.",
      lock: {
        objectLockEnabled: true,
        objectLockDefaultRetention:
          retention.mode === "compliance" ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
      },
    });
    const deny = (
      sid: string,
      actions: string[],
      conditions: Record<string, Record<string, string>> = {},
      resource = this.arnForObjects("*"),
    ) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: [resource],
          conditions,
        }),
      );
    // Object Lock keeps versions, and lets a new version or a delete marker hide them: neither is allowed here.
    deny("WriteOnceOnly", ["s3:PutObject"], { Null: { "s3:if-none-match": "true" } });
    deny("NeverDelete", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"]);
    deny("RetentionIsTheBucketsOwn", ["s3:PutObjectRetention", "s3:PutObjectLegalHold"]);
    // A lifecycle rule would let S3 itself hide or expire what nobody may delete.
    deny("NoLifecycle", ["s3:PutLifecycleConfiguration"], {}, this.bucketArn);
  }
}
