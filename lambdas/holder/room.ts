import { type HoldsTable, holdsTable } from "../aws/holds-table.ts";
import { legalHolds } from "../aws/legal-holds.ts";
import { type Manifest, manifest } from "../aws/manifest.ts";
import { type Vault, vault } from "../aws/vault.ts";
import { covers, type HoldSelection } from "../domain/evidence/hold.ts";
import type { LedgerRecord } from "../domain/evidence/record.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";

/** What the holder works with. */
export interface Room {
  readonly holds: HoldsTable;
  readonly masked: Vault;
  readonly noted: Manifest;
  /** Sets S3's hold in both vaults; what lies in one alone is set there. @returns objects that had it otherwise */
  set(keys: Iterable<string>, on: boolean): Promise<number>;
  /** What a selection keeps of an archive object: the object itself and the bodies that its records name; nothing when none fits. */
  coveredIn(key: string, selection: HoldSelection): Promise<string[]>;
}

export function roomOf(environment: Environment): Room {
  const names = [ENV.maskedVault, ENV.sealedVault].map((name) => requireEnv(environment, name));
  const buckets = names.map((name) => legalHolds(environment, name));
  const masked = vault(environment, names[0] ?? "");
  return {
    holds: holdsTable(environment),
    masked,
    noted: manifest(environment),
    async set(keys, on) {
      let changed = 0;
      for (const key of keys) for (const bucket of buckets) if (await bucket.set(key, on)) changed += 1;
      return changed;
    },
    async coveredIn(key, selection) {
      const records = (await masked.get(key)).split("\n").flatMap(recordOf);
      const fitting = records.filter((record) => covers(selection, record));
      const bodies = fitting.flatMap(({ request, response }) => [request?.key ?? [], response?.key ?? []].flat());
      return fitting.length === 0 ? [] : [key, ...new Set(bodies)];
    },
  };
}

const recordOf = (line: string): LedgerRecord[] => (line === "" ? [] : [JSON.parse(line) as LedgerRecord]);
