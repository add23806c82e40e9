import { ledgerLines } from "../lambdas/aws/ledger-lines.ts";
import { withoutQuarantined } from "../lambdas/domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../lambdas/domain/evidence/record.ts";
import { type Selection, sessionsOf } from "../lambdas/domain/evidence/story-selection.ts";
import { ENV } from "../lambdas/environment.ts";
import { archivedLines, recordOf } from "./archive.ts";
import type { Place } from "./place.ts";
import { stackOutputs } from "./stack-outputs.ts";

/** Where records are read: the archive, or the hot ledger, which has them half a minute earlier and forgets them after its window. */
export interface ReadFrom {
  readonly from?: string | undefined;
  /** A copy of the masked vault, instead of the vault itself. */
  readonly folder?: string | undefined;
}

/** A record with the text that was hashed. */
export interface ToldLine {
  readonly text: string;
  readonly record: LedgerRecord;
}

const HOUR = 3_600_000;

/** The sessions that fit, by their ids: each record once, in the order in which they were written. */
export async function sessionLines(
  place: Place,
  selection: Selection,
  { from = "archive", folder }: ReadFrom,
): Promise<Map<string, ToldLine[]>> {
  if (from !== "archive" && from !== "ledger") throw new Error("--from is archive or ledger");
  const texts = new Map<string, string>();
  const records: LedgerRecord[] = [];
  const told = await (from === "ledger" ? ofLedger(place, selection) : ofArchive(place, selection, folder));
  for (const text of withoutQuarantined(told)) {
    const record = recordOf(text);
    texts.set(record.id, text);
    records.push(record);
  }
  const sessions = sessionsOf(records, selection);
  return new Map([...sessions].map(([session, told]) => [session, told.map((record) => lineOf(record, texts))]));
}

const lineOf = (record: LedgerRecord, texts: ReadonlyMap<string, string>): ToldLine => ({
  record,
  text: texts.get(record.id) ?? "",
});

function ofArchive(place: Place, { since }: Selection, folder: string | undefined): Promise<string[]> {
  // A record lies under the hour in which it arrived: what is told late lies later, and with a clock that is ahead it is the hour before.
  const from = since === undefined ? undefined : new Date(since - HOUR).toISOString().slice(0, 13);
  return archivedLines(place, { from }, folder);
}

async function ofLedger({ environment }: Place, { id }: Selection): Promise<string[]> {
  const table = environment[ENV.ledgerTable] ?? (await stackOutputs(environment)).get("LedgerTable");
  const ledger = ledgerLines({ ...environment, [ENV.ledgerTable]: table });
  const ofSession = id === undefined ? [] : await ledger.ofSession(id);
  if (ofSession.length > 0) return ofSession;
  const lines: string[] = [];
  for await (const line of ledger.all()) lines.push(line);
  return lines;
}
