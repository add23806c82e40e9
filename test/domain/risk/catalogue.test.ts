import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { KINDS } from "../../../lambdas/domain/masking/rules/index.ts";
import { assess, compileRisks } from "../../../lambdas/domain/risk/index.ts";
import { parseRisks } from "../../../lib/config/risks.ts";
import { HONEST_CALLS, HONEST_COMMANDS, HONEST_SQL, HOSTILE_CALLS, HOSTILE_COMMANDS, HOSTILE_SQL } from "./cases.ts";

const catalogue = compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "config/risks.yaml"));
const labels = (name: string, args: Json) => [
  ...new Set(
    assess({ server: "ops", method: "tools/call", name, arguments: args }, catalogue).map((match) => match.risk),
  ),
];

describe("the shipped catalogue sees", () => {
  test.each(HOSTILE_COMMANDS)("%s: %s", (risk, command) => {
    expect(labels("run_command", { command })).toContain(risk);
  });
  test.each(HOSTILE_SQL)("%s: %s", (risk, sql) => {
    expect(labels("query", { sql })).toContain(risk);
  });
  test.each(HOSTILE_CALLS)("%s: %s %j", (risk, name, args) => {
    expect(labels(name, args)).toContain(risk);
  });
});

describe("the shipped catalogue lets pass", () => {
  test.each(HONEST_COMMANDS)("%s", (command) => {
    expect(labels("run_command", { command })).toEqual([]);
  });
  test.each(HONEST_SQL)("%s", (sql) => {
    expect(labels("query", { sql })).toEqual([]);
  });
  test.each(HONEST_CALLS)("%s %j", (name, args) => {
    expect(labels(name, args)).toEqual([]);
  });
});

test.each(KINDS)("the mask of %s is known when it is written back", (kind) => {
  expect(labels("write_file", { path: "a", content: `x = [${kind}]` })).toContain("mask-written-back");
});

test("the table is large enough to mean something", () => {
  const hostile = HOSTILE_COMMANDS.length + HOSTILE_SQL.length + HOSTILE_CALLS.length;
  const honest = HONEST_COMMANDS.length + HONEST_SQL.length + HONEST_CALLS.length;
  expect(hostile).toBeGreaterThanOrEqual(90);
  expect(honest).toBeGreaterThanOrEqual(75);
});
