import { RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, type KeyProps } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

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
    const deny = (sid: string, actions: string[], conditions: Record<string, Record<string, string>> = {}) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: ["*"],
          conditions,
        }),
      );
    deny("GrantsAreForServices", ["kms:CreateGrant"], {
      BoolIfExists: { "kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false" },
    });
    if (!removable) deny("OutlivesItsEvidence", ["kms:DisableKey", "kms:ScheduleKeyDeletion"]);
  }
}
