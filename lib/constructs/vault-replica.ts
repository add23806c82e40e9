import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Bucket, CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledgeFindings } from "../acknowledge.ts";
import type { ReplicaConfig } from "../config/replication.ts";
import { REPLICA_PATH } from "../constants.ts";

export interface VaultReplicaProps {
  readonly vault: Bucket;
  readonly key: IKey;
  /** Where the copies go. */
  readonly destination: ReplicaConfig;
  /** The account that owns them from then on. */
  readonly account: string;
}

const RULE = "countersign";

/**
 * Copies each object of a vault, with its lock, to a bucket of another account or region. The copies belong to that account
 * and are locked there by S3: nobody here can delete them. Deletions are not replicated; there are none.
 */
export class VaultReplica extends Construct {
  /** As whom S3 reads the vault. */
  readonly role: Role;
  /** Objects that could not be copied. */
  readonly failed: Metric;

  constructor(scope: Construct, id: string, { vault, key, destination, account }: VaultReplicaProps) {
    super(scope, id);
    const copies = `${destination.bucketArn}/*`;
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("s3.amazonaws.com"),
      path: REPLICA_PATH,
      description: "Countersign: replicates a vault",
    });
    const rights = new ManagedPolicy(this, "Rights", {
      roles: [this.role],
      statements: [
        new PolicyStatement({
          actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
          resources: [vault.bucketArn],
        }),
        new PolicyStatement({
          actions: [
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
            "s3:GetObjectRetention",
            "s3:GetObjectLegalHold",
          ],
          resources: [vault.arnForObjects("*")],
        }),
        new PolicyStatement({
          actions: ["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
          resources: [copies],
        }),
        new PolicyStatement({ actions: ["kms:Decrypt"], resources: [key.keyArn] }),
        new PolicyStatement({ actions: ["kms:Encrypt", "kms:GenerateDataKey"], resources: [destination.keyArn] }),
      ],
    });
    acknowledgeFindings(
      rights,
      "AwsSolutions-IAM5",
      /^Resource::.+\/\*$/,
      "Every object of the vault is copied: the bucket is as narrow as it gets.",
    );

    const bucket = vault.node.defaultChild as CfnBucket;
    bucket.replicationConfiguration = {
      role: this.role.roleArn,
      rules: [
        {
          id: RULE,
          status: "Enabled",
          priority: 1,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: destination.bucketArn,
            account,
            accessControlTranslation: { owner: "Destination" },
            encryptionConfiguration: { replicaKmsKeyId: destination.keyArn },
            // Within a quarter of an hour, and told when not.
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
            metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
          },
        },
      ],
    };

    this.failed = new Metric({
      namespace: "AWS/S3",
      metricName: "OperationsFailedReplication",
      dimensionsMap: {
        SourceBucket: vault.bucketName,
        DestinationBucket: destination.bucketArn.split(":").at(-1) ?? "",
        RuleId: RULE,
      },
      statistic: "Sum",
      period: Duration.minutes(5),
    });
  }
}
