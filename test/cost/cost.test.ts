import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ASSUMED, RATE, TARGET } from "../../bench/cost/assumptions.ts";
import { requestCost, total } from "../../bench/cost/bill.ts";
import { COST_FILE, costDocument, MEASURED_FILE } from "../../bench/cost/document.ts";
import { fixedCost } from "../../bench/cost/fixed.ts";
import { itemBytes, writeUnits } from "../../bench/cost/item-size.ts";
import type { CallUse, Measured } from "../../bench/cost/measure.ts";
import { shippedTemplates } from "../../bench/cost/templates.ts";
import { resourcesOf } from "../../local/template.ts";

const kept = JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured;
const page = readFileSync(COST_FILE, "utf8");
const templates = shippedTemplates();

test("docs/cost.md is what was measured, at the prices and for the templates of today: npm run cost", () => {
  expect(page).toBe(costDocument(kept, fixedCost(templates)));
});

test("the document says whether a million calls cost at most 12 US dollars", () => {
  const cost = total(requestCost(kept.plain, RATE));
  expect(TARGET).toBe(12);
  expect(page).toContain(`**${cost.toFixed(2)} US dollars** at ${RATE} calls a second`);
  expect(page.includes("it is missed by")).toBe(cost > TARGET);
  expect(cost).toBeLessThanOrEqual(TARGET);
});

test("what the bill assumes of gathering, traces and logs is what the templates deploy", () => {
  const all = (type: string) => templates.flatMap((template) => resourcesOf(template, type));
  const windows = all("AWS::Lambda::EventSourceMapping").map(([id, { Properties }]) => [
    id,
    Properties?.BatchSize,
    Properties?.MaximumBatchingWindowInSeconds,
  ]);
  const { archiverBatch, archiverWindow, exporterBatch, exporterWindow, traceShare, memory } = ASSUMED;
  expect(windows).toContainEqual([expect.stringMatching(/^Archiver/), archiverBatch, archiverWindow]);
  expect(windows).toContainEqual([expect.stringMatching(/^Exporter/), exporterBatch, exporterWindow]);
  expect(all("AWS::XRay::SamplingRule").map(([, { Properties }]) => Properties?.SamplingRule)).toEqual([
    expect.objectContaining({ FixedRate: traceShare, ReservoirSize: 0 }),
  ]);
  const functions = all("AWS::Lambda::Function").filter(([id]) => /^(Gateway|Authorizer|Archiver|Exporter)/.test(id));
  for (const [id, { Properties }] of functions) {
    const [, name = ""] = Object.entries(memory).find(([name]) => id.toLowerCase().startsWith(name)) ?? [];
    expect(Properties, id).toMatchObject({
      MemorySize: Number(name) * 1024,
      LoggingConfig: { SystemLogLevel: "WARN" },
    });
  }
  expect(functions).toHaveLength(Object.keys(memory).length);
});

test("what was written down is what calls through the local stack use now: npm run cost -- --measure", {
  timeout: 180_000,
}, async () => {
  const env = { ...process.env, POWERTOOLS_METRICS_DISABLED: "false" };
  const { stdout } = await promisify(execFile)(process.execPath, ["bench/cost/main.ts", "--print"], { env });
  const fresh = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measured;
  for (const kind of ["plain", "masked"] as const) {
    const { waits, ...figures } = fresh[kind];
    const { "dynamodb PutItem": puts, "dynamodb UpdateItem": updates, ...refreshed } = waits;
    expect([puts, updates]).toEqual([expect.closeTo(2), expect.closeTo(1)]);
    // What an environment reads again by the clock, such as pins, comes once or twice in a run that is slow.
    expect(Object.values(refreshed).reduce((sum, each) => sum + each, 0)).toBeLessThan(0.05);
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
  ["bytes, which are base64 on the wire", { b: { B: "AAEC" } as never }, 1 + 3],
  ["a number", { n: { N: "1234567" } }, 1 + 5],
  ["a map", { m: { M: { ab: { BOOL: true } } } }, 1 + 3 + 2 + 1 + 1],
])("counts %s as DynamoDB does", (_, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});

test("a write unit is a KB begun", () => {
  expect([1, 1024, 1025].map(writeUnits)).toEqual([1, 1, 2]);
});
