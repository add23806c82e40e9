import { hkdfSync } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { CountersignError } from "../error.ts";
import { Remembered } from "../remembered.ts";

/** What a seal is for; each purpose has a key of its own, so a seal of one cannot pass for another. */
export type SealPurpose = "session" | "request-state" | "event";

export interface Seals {
  /** @param lifetime seconds; null for a seal that lives as long as its secret */
  seal(purpose: SealPurpose, payload: Readonly<Record<string, unknown>>, lifetime: number | null): Promise<string>;
  /** @throws CountersignError `seal_invalid` for a changed, foreign or expired seal */
  unseal(purpose: SealPurpose, token: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Opened seals that are kept: a session's comes with each of its messages. */
const MOST_REMEMBERED = 500;

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

  const lasting = new Remembered<string, Readonly<Record<string, unknown>>>(MOST_REMEMBERED);
  return {
    async seal(purpose, payload, lifetime) {
      const [key] = derived[purpose];
      if (key === undefined) throw new CountersignError("seal_invalid", "there is no seal secret");
      const token = new EncryptJWT({ ...payload }).setProtectedHeader({ alg: "dir", enc: "A256GCM" });
      if (lifetime !== null) token.setExpirationTime(Math.floor(now() / 1000) + lifetime);
      return token.encrypt(key);
    },
    async unseal(purpose, token) {
      if (!isCanonical(token)) throw new CountersignError("seal_invalid", "the seal is not ours, or was changed");
      const known = lasting.get(`${purpose} ${token}`);
      if (known !== undefined) return known;
      const options = {
        keyManagementAlgorithms: ["dir"],
        contentEncryptionAlgorithms: ["A256GCM"],
        currentDate: new Date(now()),
      };
      for (const key of derived[purpose]) {
        try {
          const { payload } = await jwtDecrypt(token, key, options);
          // A seal without an end, as a session's, opens to the same each time.
          if (payload.exp === undefined) lasting.set(`${purpose} ${token}`, payload);
          return payload;
        } catch (cause) {
          if (cause instanceof errors.JWTExpired)
            throw new CountersignError("seal_invalid", "the seal has expired", { cause });
        }
      }
      throw new CountersignError("seal_invalid", "the seal is not ours, or was changed");
    },
  };
}

/** Whether a seal is spelled as we spell it: base64url has several spellings of the same bytes, and a seal has one. */
const isCanonical = (token: string) =>
  token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
