import { KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { denyAll } from "./deny.ts";
import { EncryptionKey } from "./encryption-key.ts";

export interface SigningKeyProps {
  /** Patterns of the role ARNs that may sign. */
  readonly signers: readonly string[];
  /** Whether who has the right may disable it and schedule its deletion: a key of a trial. */
  readonly removable: boolean;
}

/**
 * The key whose public half auditors hold: P-256, made in KMS and never out of it. KMS does not rotate asymmetric keys; a new
 * one is a new key, published beside the old.
 */
export class SigningKey extends EncryptionKey {
  constructor(scope: Construct, id: string, { signers, removable }: SigningKeyProps) {
    super(scope, id, {
      description: "Countersign: signs digests, and vouches for the writers' own keys",
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      enableKeyRotation: false,
      removable,
    });
    // Whoever could sign could write history anew. A path stands for the roles, whose names are known to the other stack alone: a role
    // that somebody makes under it can sign, and the observer tells of both (docs/threat-model.md).
    const others = { ArnNotLike: { "aws:PrincipalArn": [...signers] } };
    this.addToResourcePolicy(denyAll("OnlyTheWritersSign", ["kms:Sign"], others));
    this.addToResourcePolicy(denyAll("NobodyHandsOn", ["kms:CreateGrant"]));
  }
}
