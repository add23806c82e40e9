import { describe, expect, test } from "vitest";
import type { ClientMessage, JsonObject } from "../../../lambdas/domain/mcp/message.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { hintedLabels, judge, judgeWithTool, labelsOf } from "../../../lambdas/domain/policy/judge.ts";
import type { ToolStanding } from "../../../lambdas/domain/policy/tool-standing.ts";
import { compileRisks } from "../../../lambdas/domain/risk/index.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { parseRisks } from "../../../lib/config/risks.ts";
import { person } from "../../support/samples.ts";

const HINTED = "  - risk: says-destructive\n    description: said\n    where: { destructiveHint: true }\n";
const NAMED = '  - risk: iam-change\n    description: named\n    where: { tools: ["create role"] }\n';
const withRisks = (entries: string) => ({
  risks: compileRisks(parseRisks(`risks:\n${entries}`, "risks.yaml")),
  engine: policyEngine(loadPolicies("config/policies", ["platform"])),
});
const rules = withRisks(HINTED + NAMED);
const message = (method: string, params: JsonObject) =>
  ({ kind: "request", method, params, era: "modern" }) as unknown as ClientMessage;
const surroundings = (groups: readonly string[]) => ({
  who: person("dana", groups),
  server: "ops",
  at: 0,
  source: { ip: "10.0.0.1", userAgent: "a" },
});
const PLAIN = { name: "read_config", arguments: { name: "billing" } };
const NOTHING = { saysDestructive: false, changed: false };

function judged(
  standing: Partial<ToolStanding>,
  params: JsonObject = PLAIN,
  groups = ["developers"],
  method = "tools/call",
) {
  const { risks, decision } = judgeWithTool(
    message(method, params),
    surroundings(groups),
    { ...NOTHING, ...standing },
    rules,
  );
  return { labels: labelsOf(risks), kind: decision.kind };
}

describe("what a tool's definition adds to a call", () => {
  test.each<[Partial<ToolStanding>, string[], string]>([
    [{}, [], "allow"],
    [{ saysDestructive: true }, ["says-destructive"], "approve"],
    [{ changed: true }, ["tool-changed"], "approve"],
    [{ saysDestructive: true, changed: true }, ["says-destructive", "tool-changed"], "approve"],
  ])("%j earns %j: %s", (standing, labels, kind) => {
    expect(judged(standing)).toEqual({ labels, kind });
  });

  test("stands beside what the call earns by itself, sorted", () => {
    const params = { name: "create_role", arguments: { name: "billing-reader" } };
    expect(judged({ saysDestructive: true, changed: true }, params).labels).toEqual([
      "iam-change",
      "says-destructive",
      "tool-changed",
    ]);
  });

  test("is not asked for where policy denies anyway, nor of what is no tool", () => {
    expect(judged({ changed: true }, PLAIN, ["readers"])).toEqual({ labels: [], kind: "deny" });
    expect(judged({ changed: true }, { name: "review" }, ["developers"], "prompts/get").labels).toEqual([]);
  });
});

test("the labels that only a server's word earns are those that the call has not", () => {
  const call = message("tools/call", PLAIN);
  const labels = (among: typeof rules) =>
    hintedLabels(call, "ops", judge(call, surroundings(["developers"]), among), among);
  expect(labels(rules)).toEqual(["says-destructive"]);
  const byName = '  - risk: says-destructive\n    description: said\n    where: { tools: ["read config"] }\n';
  expect(labels(withRisks(byName + HINTED))).toEqual([]);
  expect(labels(withRisks(NAMED))).toEqual([]);
});
