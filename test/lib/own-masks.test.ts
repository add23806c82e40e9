import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assess, compileRisks } from "../../lambdas/domain/risk/index.ts";
import { parseMasking } from "../../lib/config/masking.ts";
import { withOwnMasks } from "../../lib/config/own-masks.ts";
import { parseRisks } from "../../lib/config/risks.ts";
import { buildSettings } from "../../lib/config/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-own-masks-"));
const file = (name: string) => join(folder, name);
const OWN = "own:\n  - { kind: EMPLOYEE, pattern: 'E-[0-9]{6}' }\n";

beforeAll(() => {
  cpSync("config", folder, { recursive: true });
  writeFileSync(file("masking.yaml"), readFileSync("config/masking.yaml", "utf8").replace(/^own:.*$/m, OWN));
});
afterAll(() => rmSync(folder, { recursive: true }));

const labels = (config: string, content: string) => {
  const call = { server: "files", method: "tools/call", name: "write_file", arguments: { path: "a", content } };
  return assess(call, compileRisks(buildSettings(config).risks)).map(({ risk }) => risk);
};

test("the mask of an adopter's own kind of one word is known when it is written back, and to nobody else", () => {
  expect(labels(file("gateway.yaml"), "badge = [EMPLOYEE]")).toContain("mask-written-back");
  expect(labels("config/gateway.yaml", "badge = [EMPLOYEE]")).toEqual([]);
  expect(labels(file("gateway.yaml"), "badge = [employee], [EMPLOYER]")).toEqual([]);
});

test("a catalogue without that risk, and one without own kinds, stay as they are", () => {
  const masking = parseMasking(readFileSync(file("masking.yaml"), "utf8"), "masking.yaml");
  const without = parseRisks("risks: [{ risk: x, description: d, argument: { pattern: abc } }]", "risks.yaml");
  expect(withOwnMasks(without, masking)).toBe(without);
  expect(withOwnMasks(without, { ...masking, own: [] })).toBe(without);
});
