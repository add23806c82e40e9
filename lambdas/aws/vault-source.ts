import type { Source } from "../domain/evidence/verify/source.ts";
import type { Vault } from "./vault.ts";

/**
 * A vault as verifying sees it.
 *
 * @param prefixes only these are listed; everything when left out
 */
export const vaultSource = (vault: Vault, prefixes: readonly string[] = [""]): Source => ({
  async *list() {
    for (const prefix of prefixes) yield* await vault.list(prefix);
  },
  read: (key) => vault.read(key),
});
