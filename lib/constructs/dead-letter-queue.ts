import { Aws, Duration } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";

export interface DeadLetterQueueProps {
  readonly key: IKey;
  /** Whether EventBridge and SNS put there what they could not deliver; Lambda does it in a function's name. */
  readonly fromServices: boolean;
}

/** What each service's request says of where it comes from. */
const SERVICES = {
  "events.amazonaws.com": { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
  "sns.amazonaws.com": {
    ArnLike: { "aws:SourceArn": `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
  },
} as const;

/** Where ends what AWS could not deliver and what a function could not do, for two weeks. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { key, fromServices }: DeadLetterQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    // The queue's own policy, which CDK writes, is not enough: a message that cannot be encrypted is lost, and nobody is told.
    if (fromServices)
      for (const [service, conditions] of Object.entries(SERVICES))
        key.addToResourcePolicy(
          new PolicyStatement({
            principals: [new ServicePrincipal(service)],
            actions: ["kms:Decrypt", "kms:GenerateDataKey"],
            resources: ["*"],
            conditions,
          }),
        );
    acknowledge(
      this,
      ["AwsSolutions-SQS3", "CT.SQS.PR.1", "Serverless-SQSRedrivePolicy"],
      "It is itself the dead-letter queue.",
    );
  }
}
