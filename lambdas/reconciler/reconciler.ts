import middy from "@middy/core";
import { apiMetrics } from "../aws/api-metrics.ts";
import { manifest } from "../aws/manifest.ts";
import { sessionRecords } from "../aws/session-records.ts";
import { vault } from "../aws/vault.ts";
import { HOUR } from "../domain/evidence/digest.ts";
import { settles, unresolvedEntry } from "../domain/evidence/unresolved.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { METRIC } from "../metric-names.ts";
import { newIds } from "../new-ids.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { derivedIds } from "../recorder/derived-ids.ts";
import { loadSettings } from "../settings.ts";
import { type Compared, hourCount } from "./compare-hour.ts";
import { lookThrough } from "./look-through.ts";
import { type OpenCall, openCalls } from "./open-calls.ts";
import { planOf, type ReconcilerEvent } from "./plan.ts";
import { settleAll } from "./settle-all.ts";

/** Milliseconds without an outcome after which a call counts as unresolved: API Gateway and Lambda end at 15 minutes. */
const PATIENCE = 20 * 60_000;
/** Milliseconds after its receipt in which the outcome of a call is looked for. */
const LATEST_OUTCOME = 24 * HOUR;
/** Milliseconds before its receipt in which it is looked for as well: the clock may have jumped back in between. */
const CLOCK_JUMPS = HOUR;
/** Milliseconds after its start at which a run begins to settle nothing more; Lambda ends it at 10 minutes. */
const LASTS = 9 * 60_000;

/**
 * Finds calls that were received and never ended, and says so once. It goes through what was archived in the last hours,
 * and asks the ledger itself before it says anything: the archive may lag behind. Run twice, it writes the same record.
 *
 * @param patience milliseconds
 * @param lasts milliseconds
 */
export function createReconciler(environment: Environment, patience = PATIENCE, lasts = LASTS) {
  const { config } = loadSettings(environment);
  const sessions = sessionRecords(environment);
  const log = operatorLog("reconciler");
  const count = operatorMetrics("reconciler");
  const component = "reconciler";
  const now = Date.now;
  const writer = ledgerWriter(environment, { component, hotDays: config.retention.hotDays, newId: newIds(), now });

  const shelves = {
    manifest: manifest(environment),
    vault: vault(environment, requireEnv(environment, ENV.maskedVault)),
  };
  const api = apiMetrics(environment);
  const tell = (compared: Compared) => {
    log.info("an hour was counted", { ...compared });
    if (compared.missingRequests > 0) count(METRIC.requestsUnrecorded);
    if (compared.missingRecords > 0) count(METRIC.recordsUnarchived);
  };

  const settle = async ({ received, hash }: OpenCall) => {
    const at = Date.parse(received.recordedAt);
    const since = await sessions.between(received.session, at - CLOCK_JUMPS, at + LATEST_OUTCOME);
    if (since.some((record) => settles(record, received))) return;
    const deadline = at + patience;
    const id = derivedIds(`unresolved|${received.id}`)(deadline);
    await writer.append(unresolvedEntry(received, hash, deadline), {}, id);
    count(METRIC.callsUnresolved);
    log.warn("a call has no outcome", { call: received.call, session: received.session, server: received.server });
  };

  return middy<ReconcilerEvent, void>().handler(async (event) => {
    const started = now();
    const { hours, compared } = planOf(event, started);
    const calls = openCalls(hours);
    const hour = compared === undefined ? undefined : hourCount(compared);
    const unreadable = await lookThrough(hour === undefined ? [calls] : [calls, hour], shelves);
    for (const { key, error } of unreadable) log.error("an archive object cannot be read", { key, error });
    const open = calls.open().filter(({ received }) => Date.parse(received.recordedAt) + patience <= started);
    const { failed, left } = await settleAll(open, settle, () => now() < started + lasts);
    for (const { call, error } of failed) log.error("a call could not be settled", { call, error });
    if (hour !== undefined) tell(await hour.compared(api));
    if (unreadable.length + failed.length + left > 0)
      throw new Error(
        `${unreadable.length} archive objects cannot be read, ${failed.length} calls could not be settled, no time for ${left}`,
      );
  });
}
