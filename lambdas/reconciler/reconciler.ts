import middy from "@middy/core";
import { apiMetrics } from "../aws/api-metrics.ts";
import { environmentSigner } from "../aws/environment-signer.ts";
import { ledgerTable } from "../aws/ledger-table.ts";
import { manifest } from "../aws/manifest.ts";
import { sessionRecords } from "../aws/session-records.ts";
import { vault } from "../aws/vault.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import { settles, unresolvedEntry } from "../domain/evidence/unresolved.ts";
import { createWriter } from "../domain/evidence/writer.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { METRIC } from "../metric-names.ts";
import { newIds } from "../new-ids.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { derivedIds } from "../recorder/derived-ids.ts";
import { loadSettings } from "../settings.ts";
import { compareHour } from "./compare-hour.ts";
import { type OpenCall, openCalls } from "./open-calls.ts";

/** Milliseconds without an outcome after which a call counts as unresolved: API Gateway and Lambda end at 15 minutes. */
const PATIENCE = 20 * 60_000;
/** Milliseconds after its receipt in which the outcome of a call is looked for. */
const LATEST_OUTCOME = 24 * HOUR;
/** Milliseconds before its receipt in which it is looked for as well: the clock may have jumped back in between. */
const CLOCK_JUMPS = HOUR;
/** Hours of the manifest that a run looks at, its own among them. */
const HOURS = 3;
/** Hours that a run can be told to look at: as long as the manifest is kept. */
const MOST_HOURS = 30 * 24;
/** Calls that one run settles. */
const MOST = 500;

/** Milliseconds between two runs: the first of each hour compares the counts of one. */
const EVERY = 15 * 60_000;
/** Hours before its own that are compared: one ended long enough ago for what was written to be archived and counted. */
const BACK = 2;

/** What an operator may ask of a run. */
export interface ReconcilerEvent {
  /** RFC 3339: an hour whose counts are to be compared. @default the one before the last, in the first run of an hour */
  readonly compare?: string;
  /** Hours to look back, after it did not run for long. @default 3 */
  readonly hours?: number;
}

/**
 * Finds calls that were received and never ended, and says so once. It goes through what was archived in the last hours,
 * and asks the ledger itself before it says anything: the archive may lag behind. Run twice, it writes the same record.
 *
 * @param patience milliseconds
 */
export function createReconciler(environment: Environment, patience = PATIENCE) {
  const { config } = loadSettings(environment);
  const masked = vault(environment, requireEnv(environment, ENV.maskedVault));
  const noted = manifest(environment);
  const sessions = sessionRecords(environment);
  const log = operatorLog("reconciler");
  const count = operatorMetrics("reconciler");
  const component = "reconciler";
  const now = Date.now;
  const ledger = ledgerTable(environment, config.retention.hotDays);
  const signer = environmentSigner(environment, component);
  const writer = createWriter({ ledger, component, signer, now, newId: newIds() });

  const counting = { api: apiMetrics(environment), manifest: noted, vault: masked };
  const compare = async (hour: number) => {
    const compared = await compareHour(hour, counting);
    log.info("an hour was counted", { ...compared });
    if (compared.missingRequests > 0) count(METRIC.requestsUnrecorded);
    if (compared.missingRecords > 0) count(METRIC.recordsUnarchived);
  };

  const settle = async ({ received, hash }: OpenCall) => {
    const at = Date.parse(received.recordedAt);
    const since = await sessions.between(received.session, at - CLOCK_JUMPS, at + LATEST_OUTCOME);
    if (since.some((record) => settles(record, received))) return;
    const deadline = at + patience;
    const nextId = derivedIds(`unresolved|${received.id}`);
    const naming = { id: nextId(deadline), recordedAt: deadline };
    await writer.append(unresolvedEntry(received, hash, deadline), {}, naming);
    count(METRIC.callsUnresolved);
    log.warn("a call has no outcome", { call: received.call, session: received.session, server: received.server });
  };

  return middy<ReconcilerEvent, void>().handler(async ({ hours = HOURS, compare: wish }) => {
    if (!(hours >= 1 && hours <= MOST_HOURS)) throw new Error(`hours: a number from 1 to ${MOST_HOURS}`);
    const started = now();
    const keys: string[] = [];
    for (let back = 0; back < hours; back += 1)
      keys.push(...(await noted.of(started - back * HOUR)).entries.map(({ key }) => key));
    const open = (await openCalls(masked, [...new Set(keys)])).filter(
      ({ received }) => Date.parse(received.recordedAt) + patience <= started,
    );
    if (open.length > MOST) log.warn("more calls have no outcome than one run looks at", { open: open.length });
    for (const call of open.slice(0, MOST)) await settle(call);
    const hour = wish === undefined ? started - BACK * HOUR : Date.parse(wish);
    if (Number.isNaN(hour)) throw new Error("compare: a time (RFC 3339)");
    if (wish !== undefined || started % HOUR < EVERY) await compare(Math.floor(hour / HOUR) * HOUR);
  });
}
