import { type HoldsTable, holdsTable } from "../aws/holds-table.ts";
import { legalHolds } from "../aws/legal-holds.ts";
import { type Manifest, manifest } from "../aws/manifest.ts";
import { type Vault, vault } from "../aws/vault.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";

/** What the holder works with. */
export interface Room {
  readonly holds: HoldsTable;
  readonly masked: Vault;
  readonly noted: Manifest;
  /** Sets S3's hold in both vaults; what lies in one alone is set there. @returns objects that had it otherwise */
  set(keys: Iterable<string>, on: boolean): Promise<number>;
}

export function roomOf(environment: Environment): Room {
  const names = [ENV.maskedVault, ENV.sealedVault].map((name) => requireEnv(environment, name));
  const buckets = names.map((name) => legalHolds(environment, name));
  return {
    holds: holdsTable(environment),
    masked: vault(environment, names[0] ?? ""),
    noted: manifest(environment),
    async set(keys, on) {
      let changed = 0;
      for (const key of keys) {
        const each = await Promise.all(buckets.map((bucket) => bucket.set(key, on)));
        changed += each.filter(Boolean).length;
      }
      return changed;
    },
  };
}
