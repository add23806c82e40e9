import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import { CountersignError } from "../error.ts";

/** A content key, and the same key wrapped by the forensic key: only the wrapped one leaves memory. */
export interface ContentKey {
  readonly plain: Uint8Array;
  /** base64 of the KMS ciphertext */
  readonly wrapped: string;
}

/**
 * Seals an original as a JWE (RFC 7516, `dir` with A256GCM). The header is authenticated, so a seal cannot be moved
 * to another record.
 *
 * @param text the original
 * @param call id of the call it belongs to
 */
export async function sealOriginal(text: string, call: string, key: ContentKey): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kek: key.wrapped, call })
    .encrypt(key.plain);
}

/**
 * Opens a sealed original.
 *
 * @param unwrap asks the forensic key for the content key
 * @throws CountersignError `seal_invalid` when the seal belongs to another call or was altered
 */
export async function openOriginal(
  jwe: string,
  call: string,
  unwrap: (wrapped: string) => Promise<Uint8Array>,
): Promise<string> {
  try {
    const header = decodeProtectedHeader(jwe);
    if (header.call !== call || typeof header.kek !== "string") throw new Error("the seal names another call");
    const { plaintext } = await compactDecrypt(jwe, await unwrap(header.kek), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return new TextDecoder().decode(plaintext);
  } catch (cause) {
    throw new CountersignError("seal_invalid", "the sealed original cannot be opened", { cause });
  }
}
