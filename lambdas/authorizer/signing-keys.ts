import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { Jwk, Jwks } from "aws-jwt-verify/jwk";

/** Keys of one set that are looked at; real sets have a handful. */
const MOST = 100;
/** NIST SP 800-131A: RSA below this signs nothing. */
const LEAST_RSA_BITS = 2048;

/**
 * The keys of a set that may verify a signature: public keys with an id, for signing, strong enough. Others are left out,
 * so that one odd key does not take the good ones with it.
 *
 * @throws Error when there is none: what was served is no key set, and the one before stays
 */
export function signingKeys(set: unknown): Jwks {
  const listed = typeof set === "object" && set !== null && "keys" in set ? set.keys : undefined;
  if (!Array.isArray(listed)) throw new Error("what was served is no key set");
  const keys = listed.slice(0, MOST).filter(isSigningKey);
  if (keys.length === 0) throw new Error("the key set has no key that could verify a signature");
  return { keys };
}

function isSigningKey(key: unknown): key is Jwk {
  if (typeof key !== "object" || key === null) return false;
  const { kid, kty, use = "sig", alg = "" } = key as Readonly<Record<string, unknown>>;
  if (typeof kid !== "string" || kid === "" || use !== "sig" || typeof alg !== "string") return false;
  // A symmetric key in a published set is everybody's key.
  if (kty !== "RSA" && kty !== "EC" && kty !== "OKP") return false;
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: key as JsonWebKey, format: "jwk" });
    return kty !== "RSA" || (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  } catch {
    return false;
  }
}
