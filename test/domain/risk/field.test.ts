import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { assess, compileRisks } from "../../../lambdas/domain/risk/index.ts";
import { parseRisks } from "../../../lib/config/risks.ts";
import {
  HONEST_PROSE,
  HONEST_SHELL,
  HONEST_SQL,
  HOSTILE_CLOUD,
  HOSTILE_SHELL,
  HOSTILE_SQL,
  HOSTILE_TOOLS,
  MISSED,
} from "./field-cases.ts";

const catalogue = compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "config/risks.yaml"));
const labels = (name: string, args: Json) =>
  new Set(assess({ server: "ops", method: "tools/call", name, arguments: args }, catalogue).map(({ risk }) => risk));

const hostile = [...HOSTILE_SHELL, ...HOSTILE_SQL, ...HOSTILE_CLOUD, ...HOSTILE_TOOLS];
const honest = [...HONEST_SHELL, ...HONEST_SQL, ...HONEST_PROSE];

describe("of the second labelled set", () => {
  test("all hostile calls but those that are known to be missed earn their labels", () => {
    const missed = hostile.filter(([tool, args, ...risks]) => {
      const earned = labels(tool, args);
      return !risks.every((risk) => earned.has(risk));
    });
    expect(missed.map(([, args]) => (args as { command?: string }).command)).toEqual(MISSED);
  });

  test.each(honest)("%s %j earns nothing", (tool, args) => {
    expect([...labels(tool, args)]).toEqual([]);
  });

  test("there are enough of both", () => {
    expect(hostile.length).toBeGreaterThanOrEqual(160);
    expect(honest.length).toBeGreaterThanOrEqual(120);
    expect(MISSED.length / hostile.length).toBeLessThan(0.03);
  });
});
