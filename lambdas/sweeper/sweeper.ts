import middy from "@middy/core";
import { monotonicFactory } from "ulid";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { ledgerWriter } from "../ledger-writer.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorGauge, operatorMetrics } from "../operator-metrics.ts";
import { loadSettings } from "../settings.ts";
import { checkApprovers } from "./check-approvers.ts";
import { endGrants } from "./end-grants.ts";
import { gaugeApprovals } from "./gauge-approvals.ts";
import { mendApprovals } from "./mend-approvals.ts";
import { sendSummaries } from "./send-summaries.ts";

/** Milliseconds. */
export interface SweeperTimes {
  /** How long an approval may be without a flow, or past its deadline, before that is mended. */
  readonly grace: number;
  /** How long a count of confirmed addresses that is enough is relied on. */
  readonly checkApprovers: number;
}

const TIMES: SweeperTimes = { grace: 60_000, checkApprovers: 3_600_000 };

/** Runs each minute: does what nobody else is sure to do. Every part of it may be done twice, and is found undone by the next run. */
export function createSweeper(environment: Environment, times: Partial<SweeperTimes> = {}) {
  const { config } = loadSettings(environment);
  const topicArns = JSON.parse(requireEnv(environment, ENV.topics)) as Readonly<Record<string, string>>;
  const log = operatorLog("sweeper");
  const count = operatorMetrics("sweeper");
  const gauge = operatorGauge("sweeper");
  const now = Date.now;
  const { hotDays } = config.retention;
  const writer = ledgerWriter(environment, { component: "sweeper", hotDays, newId: monotonicFactory(), now });
  const house = { environment, config, topicArns, times: { ...TIMES, ...times }, log, count, gauge, now, writer };
  const parts = {
    mendApprovals: mendApprovals(house),
    sendSummaries: sendSummaries(house),
    endGrants: endGrants(house),
    checkApprovers: checkApprovers(house),
    gaugeApprovals: gaugeApprovals(house),
  };

  return middy().handler(async () => {
    const failed: string[] = [];
    // One part that cannot be done keeps no other from being done.
    for (const [name, part] of Object.entries(parts))
      await part().catch((cause: unknown) => {
        failed.push(name);
        log.error("a part of the sweep failed", { part: name, error: errorOf(cause) });
      });
    if (failed.length > 0) throw new Error(`the sweep failed in ${failed.join(", ")}`);
  });
}

const errorOf = (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause)));
