import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ClientMessage, JsonObject } from "../../../lambdas/domain/mcp/message.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { judge } from "../../../lambdas/domain/policy/judge.ts";
import { compileRisks } from "../../../lambdas/domain/risk/index.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { parseRisks } from "../../../lib/config/risks.ts";
import { person } from "../../support/samples.ts";

const rules = {
  risks: compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "config/risks.yaml")),
  engine: policyEngine(loadPolicies("config/policies", ["platform", "security"])),
};
const judged = (method: string, params: JsonObject, kind = "request") =>
  judge(
    { kind, method, params, era: "modern" } as ClientMessage,
    { who: person("dana", ["developers"]), server: "ops", at: 0, source: { ip: "10.0.0.1", userAgent: "a" } },
    rules,
  );

test.each<[string, JsonObject, string?]>([
  ["prompts/get", { name: "review", arguments: { command: "rm -rf /srv" } }],
  ["tools/call", { name: "tidy", inputResponses: { a: { content: { command: "rm -rf /srv" } } } }],
  ["", { content: { command: "rm -rf /srv" } }, "response"],
  ["sampling/createMessage", { command: "rm -rf /srv" }],
])("%s %j is destructive, wherever the command stands", (method, params, kind) => {
  expect(judged(method, params, kind).risks.map(({ risk }) => risk)).toContain("destructive");
});

test("answers to a server that cannot be read whole are not free of risk", () => {
  const { risks, decision } = judged("tools/call", {
    name: "tidy",
    inputResponses: { a: { content: { command: `${"$(".repeat(5000)}` } } },
  });
  expect(risks.map(({ risk }) => risk)).toContain("unassessed");
  expect(decision.kind).toBe("approve");
});
