import { RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, type KeyProps } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/**
 * A customer-managed key that is rotated yearly and outlives its stack: without it, locked objects are unreadable. Nobody hands
 * on the right to use it but AWS's own services, such as DynamoDB for a table.
 */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, props: KeyProps & { readonly description: string }) {
    super(scope, id, { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN, ...props });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "GrantsAreForServices",
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ["kms:CreateGrant"],
        resources: ["*"],
        conditions: { BoolIfExists: { "kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false" } },
      }),
    );
  }
}
