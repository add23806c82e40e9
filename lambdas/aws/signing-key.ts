import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** The key whose public half auditors hold. It never leaves KMS, and every use of it is in CloudTrail. */
export interface SigningKey {
  readonly keyId: string;
  /** @param text at most 4096 bytes, which KMS takes unhashed. @returns DER in base64 */
  sign(text: string): Promise<string>;
  /** PEM, SPKI. */
  publicKey(): Promise<string>;
}

/** @param KeyId its ARN; the key that signs now unless another is meant */
export function signingKey(environment: Environment, KeyId = requireEnv(environment, ENV.signingKey)): SigningKey {
  const client = new KMSClient(clientOptions(environment, "KMS"));
  return {
    keyId: KeyId,
    async sign(text) {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId,
          Message: Buffer.from(text),
          MessageType: "RAW",
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      );
      if (!Signature) throw new Error("the signing key gave no signature");
      return Buffer.from(Signature).toString("base64");
    },
    async publicKey() {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      if (!PublicKey) throw new Error("the signing key gave no public key");
      const body = Buffer.from(PublicKey)
        .toString("base64")
        .replaceAll(/.{1,64}/g, "$&\n");
      return `-----BEGIN PUBLIC KEY-----\n${body}-----END PUBLIC KEY-----\n`;
    },
  };
}

/** The keys that signed before, the latest last: what they signed is still to be checked. */
export const formerSigningKeys = (environment: Environment): SigningKey[] =>
  (JSON.parse(environment[ENV.formerSigningKeys] ?? "[]") as string[]).map((arn) => signingKey(environment, arn));
