import { RemovalPolicy } from "aws-cdk-lib";
import { Key, type KeyProps } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { denyAll } from "./deny.ts";

export interface EncryptionKeyProps extends KeyProps {
  readonly description: string;
  /** Whether who has the right may disable it and schedule its deletion: a key of a trial, or one that no evidence needs. */
  readonly removable: boolean;
}

/**
 * A customer-managed key that is rotated yearly and outlives its stack: without it, locked objects are unreadable. Nobody hands
 * on the right to use it but AWS's own services, such as DynamoDB for a table; and nobody takes it away from under evidence,
 * short of changing its policy, which CloudTrail shows.
 */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, { removable, ...props }: EncryptionKeyProps) {
    super(scope, id, { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN, ...props });
    const notForServices = { "kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false" };
    this.addToResourcePolicy(denyAll("GrantsAreForServices", ["kms:CreateGrant"], { BoolIfExists: notForServices }));
    if (!removable)
      this.addToResourcePolicy(denyAll("OutlivesItsEvidence", ["kms:DisableKey", "kms:ScheduleKeyDeletion"]));
  }
}
