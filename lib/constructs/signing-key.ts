import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { EncryptionKey } from "./encryption-key.ts";

export interface SigningKeyProps {
  /** Patterns of the role ARNs that may sign. */
  readonly signers: readonly string[];
}

/**
 * The key whose public half auditors hold: P-256, made in KMS and never out of it. KMS does not rotate asymmetric keys; a new
 * one is a new key, published beside the old.
 */
export class SigningKey extends EncryptionKey {
  constructor(scope: Construct, id: string, { signers }: SigningKeyProps) {
    super(scope, id, {
      description: "Countersign: signs digests, and vouches for the writers' own keys",
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      enableKeyRotation: false,
    });
    const deny = (sid: string, actions: string[], conditions: Record<string, Record<string, string[]>> = {}) =>
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
    // Whoever could sign could write history anew: not even an administrator, short of changing this policy, which CloudTrail shows.
    deny("OnlyTheWritersSign", ["kms:Sign"], { ArnNotLike: { "aws:PrincipalArn": [...signers] } });
    deny("NobodyHandsOn", ["kms:CreateGrant"]);
  }
}
