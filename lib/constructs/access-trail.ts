import { Aws } from "aws-cdk-lib";
import { CfnTrail } from "aws-cdk-lib/aws-cloudtrail";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface AccessTrailProps {
  readonly vaults: readonly IBucket[];
  readonly ledger: ITable;
  readonly accessLogs: IBucket;
  /** Whether its key may be disabled and deleted, as in a trial. */
  readonly removable: boolean;
}

/**
 * CloudTrail's word on who read the vaults and the ledger, who queried and who used the forensic key: EventBridge tells of a
 * request only where a trail logs it. Reads alone; what is written is in the stream.
 */
export class AccessTrail extends Construct {
  constructor(scope: Construct, id: string, { vaults, ledger, accessLogs, removable }: AccessTrailProps) {
    super(scope, id);
    // Made from its parts, for the key and the bucket name it beforehand.
    const trailName = "countersign-access";
    const trailArn = `arn:${Aws.PARTITION}:cloudtrail:${Aws.REGION}:${Aws.ACCOUNT_ID}:trail/${trailName}`;
    const cloudTrail = new ServicePrincipal("cloudtrail.amazonaws.com");
    const ofThisTrail = { StringEquals: { "aws:SourceArn": trailArn } };

    const key = new EncryptionKey(this, "Key", { description: "Countersign: CloudTrail of the evidence", removable });
    const allow = (actions: string[], resources: string[], conditions: Record<string, Record<string, string>>) =>
      new PolicyStatement({ principals: [cloudTrail], actions, resources, conditions });
    key.addToResourcePolicy(allow(["kms:GenerateDataKey*", "kms:Decrypt"], ["*"], ofThisTrail));
    key.addToResourcePolicy(allow(["kms:DescribeKey"], ["*"], ofThisTrail));

    const bucket = new PrivateBucket(this, "Bucket", {
      key,
      accessLogs,
      logPrefix: "access-trail/",
      notReplicatedBecause:
        "What it tells of the evidence is in the ledger and the vaults; an organization's own trail is the adopter's.",
    });
    bucket.addToResourcePolicy(allow(["s3:GetBucketAcl"], [bucket.bucketArn], ofThisTrail));
    bucket.addToResourcePolicy(
      allow(["s3:PutObject"], [bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/*`)], ofThisTrail),
    );

    const equals = (field: string, ...values: string[]) => ({ field, equalTo: values });
    const reads = equals("readOnly", "true");
    const trail = new CfnTrail(this, "Trail", {
      trailName,
      isLogging: true,
      isMultiRegionTrail: false,
      // IAM's requests, which are told of in one region (docs/reveal.md).
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      kmsKeyId: key.keyArn,
      s3BucketName: bucket.bucketName,
      advancedEventSelectors: [
        { name: "Queries and uses of keys", fieldSelectors: [equals("eventCategory", "Management")] },
        {
          name: "Reads of the vaults",
          fieldSelectors: [
            equals("eventCategory", "Data"),
            equals("resources.type", "AWS::S3::Object"),
            reads,
            { field: "resources.ARN", startsWith: vaults.map((vault) => vault.arnForObjects("")) },
          ],
        },
        {
          name: "Reads of the ledger",
          fieldSelectors: [
            equals("eventCategory", "Data"),
            equals("resources.type", "AWS::DynamoDB::Table"),
            reads,
            equals("resources.ARN", ledger.tableArn),
          ],
        },
      ],
    });
    // CloudTrail tries the bucket when the trail is made.
    if (bucket.policy) trail.node.addDependency(bucket.policy);
    acknowledge(
      trail,
      ["NIST.800.53.R5-CloudTrailCloudWatchLogsEnabled", "CT.CLOUDTRAIL.PR.3"],
      "EventBridge is told of the same requests as they come, and what matters of them is in the ledger; a log group would hold them twice.",
    );
  }
}
