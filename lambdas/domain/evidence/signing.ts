import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { canonical } from "../json/canonical.ts";
import type { RecordSigner } from "./record.ts";

/** A key pair that an environment made for itself: it signs every record, so that a record's origin shows at once. */
export interface Signer {
  /** The public key with the signing key's word for it; fetched once for an environment. */
  attested(): Promise<RecordSigner>;
  /** Ed25519 signature (base64url) over a leaf hash given in hex. */
  sign(hash: string): string;
}

/** Characters of an Ed25519 signature in base64url. */
export const SIGNATURE_LENGTH = 86;

/** What the signing key states of an environment's key. The purpose keeps it from passing for a digest. */
export const attestationText = (component: string, { publicKey, openedAt }: RecordSigner | Unattested): string =>
  canonical({ purpose: "countersign-writer", component, publicKey, openedAt });

/** A key before it was attested. */
export type Unattested = Pick<RecordSigner, "publicKey" | "openedAt">;

/** Whether a leaf hash (hex) was signed by the holder of an environment's key. */
export function signedBy(key: KeyObject, hash: string, signature: string): boolean {
  return verify(null, Buffer.from(hash, "hex"), key, Buffer.from(signature, "base64url"));
}

/** An environment's public key, as a record holds it; undefined when it is none. */
export function writerKey(publicKey: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the signing key signed a text: ECDSA on P-256 with SHA-256, as KMS's `ECDSA_SHA_256` does, DER in base64. */
export const attestedBy = (key: KeyObject, text: string, signature: string): boolean =>
  verify("sha256", Buffer.from(text), key, Buffer.from(signature, "base64"));
