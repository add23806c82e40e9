import middy from "@middy/core";
import { COMPACT, compactStatement } from "../../lib/queries/compaction.ts";
import { LAKE } from "../../lib/queries/tables.ts";
import { athenaStatement } from "../aws/athena-statement.ts";
import { compactedDays } from "../aws/compacted-days.ts";
import { vault } from "../aws/vault.ts";
import { TRANSCRIPTS } from "../domain/evidence/prefixes.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { operatorLog } from "../operator-log.ts";

const DAY = 86_400_000;
/** Days after which one is filled: what arrives for it later is a redrive, after which an operator has it made anew. */
const AFTER = 2;
/** Days that a run looks back for one that failed. */
const BACK = 7;

/** What an operator may ask of a run. */
export interface CompactorEvent {
  /** `YYYY-MM-DD`, UTC: the one day to make anew, after a redrive or a quarantine. @default those that are due */
  readonly day?: string;
}

/** Runs daily: has Athena write the days that are due into Parquet. A day that is there is not written twice. */
export function createCompactor(environment: Environment, now: () => number = Date.now, pollMs?: number) {
  const run = athenaStatement(environment, pollMs);
  const days = compactedDays(environment);
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const log = operatorLog("compactor");

  const compact = async (day: string) => {
    await run({
      sql: compactStatement(),
      parameters: [day],
      workgroup: COMPACT.workgroup,
      database: LAKE.database,
    });
    log.info("a day was compacted", { day });
  };
  const due = async (day: string) =>
    !(await days.has(day)) && (await masked.list(`${TRANSCRIPTS}dt=${day}/`)).length > 0;

  return middy<CompactorEvent, void>().handler(async ({ day }) => {
    if (day !== undefined) {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error("day: a day such as 2026-03-04");
      await days.clear(day);
      return compact(day);
    }
    for (let back = AFTER + BACK; back >= AFTER; back -= 1) {
      const candidate = new Date(now() - back * DAY).toISOString().slice(0, 10);
      if (await due(candidate)) await compact(candidate);
    }
  });
}
