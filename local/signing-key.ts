import { CreateKeyCommand } from "@aws-sdk/client-kms";
import type { LocalAws } from "./aws.ts";

/** Makes a signing key in the emulator, whose CloudFormation makes every key a symmetric one. @returns its ARN */
export async function createSigningKey({ kms }: LocalAws): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" }));
  if (KeyMetadata?.Arn === undefined) throw new Error("the emulator made no signing key");
  return KeyMetadata.Arn;
}
