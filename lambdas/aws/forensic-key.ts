import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { ContentKey } from "../domain/evidence/sealed-original.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";
import { fresh } from "./fresh.ts";

/** Constant, so that the key policy can demand it. */
const EncryptionContext = { purpose: "countersign-original" };
/** Milliseconds that one content key is used; bounds what one key seals, far under the 2^32 of AES-GCM (SP 800-38D 8.3). */
const LIFETIME = 300_000;

/** The forensic key as a writer sees it: it can make content keys, and not open them again. */
export function contentKeys(environment: Environment): () => Promise<ContentKey> {
  const client = new KMSClient(clientOptions(environment, "KMS"));
  const KeyId = requireEnv(environment, ENV.forensicKey);
  return fresh(async () => {
    const { Plaintext, CiphertextBlob } = await client.send(
      new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }),
    );
    if (!Plaintext || !CiphertextBlob) throw new Error("the forensic key gave no content key");
    return { plain: Plaintext, wrapped: Buffer.from(CiphertextBlob).toString("base64") };
  }, LIFETIME);
}

/** A content key that the forensic key has opened. */
export interface OpenedKey {
  readonly plain: Uint8Array;
  /** KMS's id of the request, by which CloudTrail tells of it. */
  readonly kmsRequest: string;
}

/** The forensic key as the `audit` function alone may use it. */
export function contentKeyOpener(environment: Environment): (wrapped: string) => Promise<OpenedKey> {
  const client = new KMSClient(clientOptions(environment, "KMS"));
  const KeyId = requireEnv(environment, ENV.forensicKey);
  return async (wrapped) => {
    const { Plaintext, $metadata } = await client.send(
      new DecryptCommand({ KeyId, CiphertextBlob: Buffer.from(wrapped, "base64"), EncryptionContext }),
    );
    // Without the id nothing could explain this use of the key afterwards.
    if (!Plaintext || !$metadata.requestId) throw new Error("the forensic key opened nothing");
    return { plain: Plaintext, kmsRequest: $metadata.requestId };
  };
}
