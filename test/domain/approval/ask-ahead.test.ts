import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { askAhead } from "../../../lambdas/domain/approval/ask-ahead.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { compileRisks } from "../../../lambdas/domain/risk/index.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { parseRisks } from "../../../lib/config/risks.ts";
import { person } from "../../support/samples.ts";

const engine = policyEngine(loadPolicies("config/policies", ["platform", "security"]));
const risks = compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "risks.yaml"));
const ask = (tools: readonly string[], groups = ["developers"]) =>
  askAhead(person("developer", groups), "ops", tools, { engine, risks, now: 0 });

describe("access that is asked for ahead", () => {
  test("is asked of the group that policy names, for its longest time", () => {
    expect(ask(["create_role"])).toEqual({
      kind: "may",
      group: "platform",
      maxMinutes: 60,
      policies: ["risky-needs-approval"],
      risks: [
        "code-execution",
        "external-write",
        "iam-change",
        "mask-written-back",
        "network-egress",
        "says-destructive",
        "secret-read",
      ],
    });
  });

  test("may be asked for where only the arguments of a call will tell its risk", () => {
    expect(ask(["run_command"])).toMatchObject({ kind: "may", group: "platform" });
  });

  test.each([
    ["a tool that policy never lets run", ["drop_table"], /would not let you call drop_table, approved or not/],
    ["any tool, where one of them is such", ["create_role", "drop_table"], /drop_table/],
  ])("is refused for %s", (_, tools, why) => {
    const asked = ask(tools);
    expect(asked.kind === "refused" && asked.why).toMatch(why);
  });

  test("is refused to whom policy approves nothing", () => {
    expect(ask(["create_role"], ["auditors"])).toMatchObject({ kind: "refused" });
  });
});
