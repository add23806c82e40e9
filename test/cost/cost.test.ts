import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { RATE, TARGET } from "../../bench/cost/assumptions.ts";
import { requestCost, total } from "../../bench/cost/bill.ts";
import { COST_FILE, costDocument, MEASURED_FILE } from "../../bench/cost/document.ts";
import { fixedCost } from "../../bench/cost/fixed.ts";
import { itemBytes, writeUnits } from "../../bench/cost/item-size.ts";
import type { CallUse, Measured } from "../../bench/cost/measure.ts";
import { shippedTemplates } from "../../bench/cost/templates.ts";

const kept = JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured;
const page = readFileSync(COST_FILE, "utf8");

test("docs/cost.md is what was measured, at the prices and for the templates of today: npm run cost", () => {
  expect(page).toBe(costDocument(kept, fixedCost(shippedTemplates())));
});

test("the document says whether a million calls cost at most 12 US dollars", () => {
  const cost = total(requestCost(kept.plain, RATE));
  expect(TARGET).toBe(12);
  expect(page).toContain(`**${cost.toFixed(2)} US dollars** at ${RATE} calls a second`);
  expect(page.includes("it is missed by")).toBe(cost > TARGET);
  // What is known to be missed may not become worse unseen.
  expect(cost).toBeLessThan(20);
});

test("what was written down is what calls through the local stack use now: npm run cost -- --measure", {
  timeout: 180_000,
}, async () => {
  const env = { ...process.env, POWERTOOLS_METRICS_DISABLED: "false" };
  const { stdout } = await promisify(execFile)(process.execPath, ["bench/cost/main.ts", "--print"], { env });
  const fresh = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measured;
  for (const kind of ["plain", "masked"] as const) {
    const { waits, ...figures } = fresh[kind];
    expect(waits).toEqual({
      "dynamodb PutItem": expect.closeTo(2),
      "dynamodb UpdateItem": expect.closeTo(1),
    });
    const flat = (use: Omit<CallUse, "waits">) => Object.entries({ ...use, ...use.writeUnits, writeUnits: undefined });
    for (const [name, value] of flat(figures)) {
      if (value === undefined) continue;
      const before = Object.fromEntries(flat(kept[kind]))[name];
      // Ports, times and names are of other lengths in each run.
      expect(Math.abs(Number(value) / Number(before) - 1), `${kind} ${name}: ${before}, now ${value}`).toBeLessThan(
        0.05,
      );
    }
  }
});

test.each([
  ["text", { a: { S: "né" } }, 1 + 3],
  ["a number", { n: { N: "1234567" } }, 1 + 5],
  ["a map", { m: { M: { ab: { BOOL: true } } } }, 1 + 3 + 2 + 1 + 1],
])("counts %s as DynamoDB does", (_, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});

test("a write unit is a KB begun", () => {
  expect([1, 1024, 1025].map(writeUnits)).toEqual([1, 1, 2]);
});
