import { hkdfSync } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { CountersignError } from "../error.ts";

/** What a seal is for; each purpose has a key of its own, so a seal of one cannot pass for another. */
export type SealPurpose = "session" | "request-state" | "event";

export interface Seals {
  /** @param lifetime seconds; null for a seal that lives as long as its secret */
  seal(purpose: SealPurpose, payload: Readonly<Record<string, unknown>>, lifetime: number | null): Promise<string>;
  /** @throws CountersignError `seal_invalid` for a changed, foreign or expired seal */
  unseal(purpose: SealPurpose, token: string): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Seals that callers carry: JWE (RFC 7516) with A256GCM under keys derived by HKDF (RFC 5869) from a generated secret.
 *
 * @param secrets newest first; new seals use the first, older ones stay readable
 * @param now milliseconds since the epoch
 */
export function createSeals(secrets: readonly string[], now: () => number): Seals {
  const keys = (purpose: SealPurpose) =>
    secrets.map((secret) => new Uint8Array(hkdfSync("sha256", secret, "countersign", `seal:${purpose}`, 32)));
  const derived = { session: keys("session"), "request-state": keys("request-state"), event: keys("event") } as const;

  return {
    async seal(purpose, payload, lifetime) {
      const [key] = derived[purpose];
      if (key === undefined) throw new CountersignError("seal_invalid", "there is no seal secret");
      const token = new EncryptJWT({ ...payload }).setProtectedHeader({ alg: "dir", enc: "A256GCM" });
      if (lifetime !== null) token.setExpirationTime(Math.floor(now() / 1000) + lifetime);
      return token.encrypt(key);
    },
    async unseal(purpose, token) {
      const options = {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
        currentDate: new Date(now()),
      };
      for (const key of derived[purpose]) {
        try {
          return (await jwtDecrypt(token, key, options)).payload;
        } catch (cause) {
          if (cause instanceof errors.JWTExpired)
            throw new CountersignError("seal_invalid", "the seal has expired", { cause });
        }
      }
      throw new CountersignError("seal_invalid", "the seal is not ours, or was changed");
    },
  };
}
