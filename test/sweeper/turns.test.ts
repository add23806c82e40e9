import { afterAll, beforeAll, expect, test } from "vitest";
import { approvalsTable } from "../../lambdas/aws/approvals-table.ts";
import { METRIC, type MetricName } from "../../lambdas/metric-names.ts";
import { operatorLog } from "../../lambdas/operator-log.ts";
import { mendApprovals } from "../../lambdas/sweeper/mend-approvals.ts";
import { openWorld, type World } from "../properties/support/world.ts";
import { approval } from "../support/samples.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({});
}, 120_000);
afterAll(() => world?.stop());

test("rows that can never be mended, as many as a run looks after, keep the one behind them from its turn once only", async () => {
  const now = Date.now();
  const approvals = approvalsTable(world.environment);
  const asked = (at: number, group: string) => {
    const id = `row-${at}`;
    const times = { createdAt: now - 120_000 + at, deadline: now + 600_000 };
    return approvals.open(approval({ id, callDigest: id, group, ...times }), undefined);
  };
  for (let at = 0; at < 100; at += 1) expect(await asked(at, "no such group")).toBe(true);
  expect(await asked(100, "platform")).toBe(true);

  const counted: MetricName[] = [];
  const sweep = mendApprovals({
    environment: world.environment,
    config: world.settings.config,
    topicArns: JSON.parse(world.environment.TOPIC_ARNS ?? "{}"),
    times: { grace: 1000, checkApprovers: 0 },
    log: operatorLog("sweeper"),
    count: (metric: MetricName) => counted.push(metric),
    now: Date.now,
  } as never);
  await expect(sweep(), "it says what it could not mend").rejects.toThrow("100 approvals could not be mended");
  expect(counted).toEqual([]);
  await sweep();
  expect(counted).toEqual([METRIC.flowsMended]);
}, 60_000);
