import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { JSON_SCHEMA_FILE, jsonSchema } from "../../lib/config/json-schema.ts";
import { ConfigError, loadConfig } from "../../lib/config/load.ts";
import { buildSettings } from "../../lib/config/settings.ts";

const GOOD = readFileSync("config/gateway.yaml", "utf8");

/** The shipped configuration with one text replaced, and the line that text began on. */
function changed(from: string, to: string): { file: string; line: number } {
  const at = GOOD.indexOf(from);
  if (at < 0) throw new Error(`the shipped configuration does not hold ${from}`);
  const folder = mkdtempSync(join(tmpdir(), "countersign-config-"));
  cpSync("config", folder, { recursive: true });
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, GOOD.replace(from, to));
  return { file, line: GOOD.slice(0, at).split("\n").length };
}

function problemsOf(file: string): readonly string[] {
  try {
    loadConfig(file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("a good configuration", () => {
  test("is read, with durations in seconds", () => {
    expect(loadConfig("config/gateway.yaml").approverGroups[0]).toMatchObject({ name: "platform", expiresAfter: 3600 });
  });

  test("becomes settings that survive JSON unchanged", () => {
    const settings = buildSettings("config/gateway.yaml");
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  test("has a JSON Schema that is up to date (npm run schema)", () => {
    expect(JSON.parse(readFileSync(JSON_SCHEMA_FILE, "utf8"))).toEqual(JSON.parse(jsonSchema()));
  });
});

describe("a wrong configuration says file, line, path, what was found and what is allowed", () => {
  test.each([
    [
      "a name of capitals",
      "name: everything",
      "name: Everything!",
      'servers[0].name: found "Everything!", allowed: a lower-case name',
    ],
    [
      "a value outside a list",
      "mode: compliance",
      "mode: forever",
      'retention.mode: found "forever", allowed: compliance, governance',
    ],
    ["a wrong type", "quorum: 1", "quorum: many", 'approverGroups[0].quorum: found "many", allowed: '],
    ["a number out of range", "days: 400", "days: 0", "retention.days: found 0, allowed: "],
    [
      "a group that nobody is in, for reveals",
      "retention:",
      "reveal: { approval: nobody, usableFor: 1h }\n\nretention:",
      'reveal.approval: found "nobody", allowed: one of the approver groups: platform',
    ],
    [
      "plain http",
      "jwksUri: https://login.example.com/jwks",
      "jwksUri: http://login.example.com/jwks",
      'jwksUri: found "http://login.example.com/jwks", allowed: an https URL',
    ],
    ["a duration without unit", "freshFor: 15m", "freshFor: 15", "console.freshFor: found 15, allowed: "],
    [
      "an escalation to nobody",
      "to: security }",
      "to: nobody }",
      'approverGroups[0].escalation.to: found "nobody", allowed: another approver group: security',
    ],
    ["an unknown key", "publicUrl:", "publicURL:", '"publicURL"'],
  ])("%s", (_name, from, to, said) => {
    const { file, line } = changed(from, to);
    const [own] = problemsOf(file).filter((problem) => problem.includes(said));
    expect(own, problemsOf(file).join("\n")).toContain(`${file}:${line}: `);
  });

  test("an unknown key is told with the keys that are allowed", () => {
    const { file } = changed("  hotDays: 14", "  hotDays: 14\n  hotdays: 3");
    expect(problemsOf(file)).toEqual([
      expect.stringMatching(/retention: unknown key "hotdays", allowed: mode, days, legalBasis, hotDays$/),
    ]);
  });

  test("an unknown key of one of several kinds", () => {
    const { file } = changed("credential: { kind: header,", "credential: { kind: header, headers: X,");
    expect(problemsOf(file)).toEqual([
      expect.stringMatching(
        /servers\[0\]\.credential: unknown key "headers", allowed: kind, header, prefix, secretName$/,
      ),
    ]);
  });

  test("a missing key is told where it belongs", () => {
    const { file } = changed("  hotDays: 14\n", "");
    expect(problemsOf(file)).toEqual([expect.stringContaining("retention.hotDays: found nothing, allowed: ")]);
  });

  test("a key given twice", () => {
    const { file, line } = changed("groups: [dev", "servers: []\ngroups: [dev");
    expect(problemsOf(file).join("\n")).toMatch(/unique|duplicate/i);
    expect(line).toBeGreaterThan(1);
  });

  test("text that is not YAML", () => {
    const { file, line } = changed("groups: [developers", "groups: [[developers");
    const [first] = problemsOf(file);
    expect(Number(first?.slice(file.length + 1).split(":")[0])).toBeGreaterThanOrEqual(line);
  });

  test("an empty file and a file that is not there", () => {
    const { file } = changed(GOOD, "");
    expect(problemsOf(file)).toEqual([expect.stringContaining("the file: found null")]);
    expect(problemsOf(join(file, "..", "none.yaml"))).toEqual([expect.stringContaining("none.yaml: cannot be read")]);
  });

  test("several mistakes are told together", () => {
    const { file } = changed("days: 400", "days: 0\n  colour: red");
    expect(problemsOf(file)).toHaveLength(2);
  });

  test("the app prints the lines and no stack trace, and fails", () => {
    const { file, line } = changed("mode: compliance", "mode: forever");
    const { status, stderr } = spawnSync(process.execPath, ["bin/countersign.ts"], {
      encoding: "utf8",
      env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ config: file }) },
    });
    expect(status).toBe(1);
    expect(stderr).toBe(`${file}:${line}: retention.mode: found "forever", allowed: compliance, governance\n`);
  });
});
