import { RemovalPolicy } from "aws-cdk-lib";
import { Key, type KeyProps } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

/** A customer-managed key that is rotated yearly and outlives its stack: without it, locked objects are unreadable. */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, props: KeyProps & { readonly description: string }) {
    super(scope, id, { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN, ...props });
  }
}
