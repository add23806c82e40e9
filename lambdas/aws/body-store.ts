import type { BodyStore } from "../domain/evidence/body.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { vault } from "./vault.ts";

/** Large bodies: masked text in the masked vault, the sealed original under the same key in the sealed one. */
export function bodyStore(environment: Environment): BodyStore {
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  return {
    async put(key, maskedText, sealedText) {
      await Promise.all([masked.put(key, maskedText), ...(sealedText === null ? [] : [sealed.put(key, sealedText)])]);
    },
  };
}
