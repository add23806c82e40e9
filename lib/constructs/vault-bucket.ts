import { Duration } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type IBucket, ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Config } from "../config/schema.ts";
import { AUDIT_PATH, FORENSICS_PATH, HOLDER_PATH } from "../constants.ts";
import { denyAll, exceptRolesUnder } from "./deny.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface VaultBucketProps {
  readonly key: IKey;
  readonly retention: Config["retention"];
  /** Whether copies of it are kept elsewhere. */
  readonly replicated: boolean;
  readonly accessLogs: IBucket;
}

/** A bucket under Object Lock: every object is written once and kept for the retention. */
export class VaultBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key, retention, replicated, accessLogs }: VaultBucketProps) {
    const days = Duration.days(retention.days);
    super(scope, id, {
      key,
      accessLogs,
      logPrefix: `${id.toLowerCase()}/`,
      notReplicatedBecause: replicated
        ? null
        : "A second account or region is the adopter's to name (`replication`); without one there is nowhere to replicate to. Point-in-time proof does not depend on it.",
      lock: {
        objectLockEnabled: true,
        objectLockDefaultRetention:
          retention.mode === "compliance" ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
      },
    });
    const deny = (...[sid, actions, conditions, resource = this.arnForObjects("*")]: Parameters<typeof denyAll>) =>
      this.addToResourcePolicy(denyAll(sid, actions, conditions, resource));
    // Object Lock keeps versions, and lets a new version or a delete marker hide them: neither is allowed here.
    // The audit function alone puts a newly masked copy over what it has read; the locked version stays below it.
    deny("WriteOnceOnly", ["s3:PutObject"], { Null: { "s3:if-none-match": "true" }, ...exceptRolesUnder(AUDIT_PATH) });
    deny("CopiesOverWhatWasRead", ["s3:PutObject"], { Null: { "s3:if-none-match": "true", "s3:if-match": "true" } });
    // Below a copy lies the secret that it hides.
    deny("VersionsAreForForensics", ["s3:GetObjectVersion"], exceptRolesUnder(FORENSICS_PATH));
    // A trial is to be removed again, by who may bypass its governance.
    if (retention.mode === "compliance")
      deny("NeverDelete", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"]);
    deny("RetentionIsTheBucketsOwn", ["s3:PutObjectRetention"]);
    deny("OnlyTheHolderHolds", ["s3:PutObjectLegalHold"], exceptRolesUnder(HOLDER_PATH));
    // A lifecycle rule would let S3 itself hide or expire what nobody may delete.
    deny("NoLifecycle", ["s3:PutLifecycleConfiguration"], {}, this.bucketArn);
  }
}
