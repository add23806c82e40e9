import { readFileSync } from "node:fs";
import type { Json } from "../../lambdas/domain/json/json.ts";
import { assess, compileRisks } from "../../lambdas/domain/risk/index.ts";
import { parseRisks } from "../../lib/config/risks.ts";
import { median } from "../measure.ts";
import { type Metric, metric } from "../report.ts";
import type { Effort } from "../suite.ts";

const ROUNDS = { smoke: 20, default: 1000, long: 5000 } as const;

/** What assessing a call costs with the shipped catalogue, and how that grows with its arguments. */
export function riskAssessment(effort: Effort): Metric[] {
  const file = "config/risks.yaml";
  const risks = compileRisks(parseRisks(readFileSync(file, "utf8"), file));
  const cost = (args: Json) => {
    const call = { server: "ops", method: "tools/call", name: "apply_change", arguments: args };
    const times = Array.from({ length: ROUNDS[effort] }, () => {
      const started = performance.now();
      assess(call, risks);
      return performance.now() - started;
    });
    return median(times);
  };
  const ten = cost(argumentsOf(10_240));
  const eighty = cost(argumentsOf(81_920));
  return [
    metric("risk: 10 KB of arguments, p50", ten, "ms", 0.5),
    metric("risk: 80 KB of arguments, p50", eighty, "ms"),
    metric("risk: 80 KB against 10 KB, time for each byte", eighty / ten / 8, "times", 2),
    metric(
      "risk: 2 KB of shell, p50",
      cost({ command: repeated("kubectl -n prod get pods | grep api; ", 2048) }),
      "ms",
    ),
    metric(
      "risk: 2 KB of SQL, p50",
      cost({ sql: `select a from t where ${repeated("b = 1 and ", 2000)} c = 2` }),
      "ms",
    ),
  ];
}

/** A change request as agents send them: short texts, a few long ones, numbers. */
function argumentsOf(bytes: number): Json {
  const items: Json[] = [];
  for (let at = 0; JSON.stringify(items).length < bytes; at += 1)
    items.push({
      id: `item-${at}`,
      path: `/srv/app/releases/2026-01-${at % 28}/config.json`,
      note: "Raises the number of workers; the queue grew over the last days and nobody noticed until Monday.",
      count: at,
      tags: ["prod", "eu-west-1", "c0ffee00-1234-4abc-9def-0123456789ab"],
      url: `https://acme.example/changes/${at}?from=list%20view`,
    });
  return { items };
}

const repeated = (text: string, length: number) => text.repeat(Math.floor(length / text.length));
