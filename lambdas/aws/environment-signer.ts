import { generateKeyPairSync, sign } from "node:crypto";
import { attestationText, type Signer } from "../domain/evidence/signing.ts";
import type { Environment } from "../environment.ts";
import { fresh } from "./fresh.ts";
import { signingKey } from "./signing-key.ts";

/**
 * The key pair of this environment, made here and never stored: whoever wants to sign in its name must hold this
 * process's memory. All lanes of an environment share it, so that the signing key is asked once.
 *
 * @param component the function that signs
 */
export function environmentSigner(environment: Environment, component: string, now: () => number = Date.now): Signer {
  const kms = signingKey(environment);
  const pair = generateKeyPairSync("ed25519");
  const publicKey = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const unattested = { publicKey, openedAt: new Date(now()).toISOString() };
  const attested = fresh(
    async () => ({
      ...unattested,
      key: kms.keyId,
      attestation: await kms.sign(attestationText(component, unattested)),
    }),
    Number.POSITIVE_INFINITY,
  );
  return {
    attested,
    sign: (hash) => sign(null, Buffer.from(hash, "hex"), pair.privateKey).toString("base64url"),
  };
}
