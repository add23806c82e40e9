import { vault } from "../lambdas/aws/vault.ts";
import type { LedgerRecord } from "../lambdas/domain/evidence/record.ts";
import { needed, type Place } from "./place.ts";

/** Reads every record of the masked archive, each once, in the order of time. */
export async function archivedLines({ environment, maskedVault }: Place): Promise<string[]> {
  const masked = vault(environment, needed(maskedVault, "--masked-vault"));
  const byId = new Map<string, string>();
  for (const key of await masked.list("transcripts/")) {
    for (const line of (await masked.get(key)).split("\n")) if (line !== "") byId.set(recordOf(line).id, line);
  }
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

/** A line of the archive, parsed. */
export const recordOf = (line: string) => JSON.parse(line) as LedgerRecord;
