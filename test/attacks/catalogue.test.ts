import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EVENT_CATALOGUE } from "../../lambdas/domain/evidence/event-catalogue.ts";
import { ATTACKS, type Attack, type AttackName, type Shown } from "./catalogue.ts";
import { CONTROLS } from "./controls.ts";
import { ATTACKS_FILE, attacksDocument } from "./document.ts";
import { titlesOf } from "./titles.ts";

/** The attacks that the gateway must stand, as they were asked for. */
const ASKED_FOR: Readonly<Record<string, readonly AttackName[]>> = {
  none: ["jwt-none"],
  "key confusion": ["jwt-key-confusion"],
  "kid/jku/x5u injection": ["jwt-kid-injection", "jwt-jku-injection", "jwt-x5u-injection"],
  "algorithm swap": ["jwt-algorithm-swap"],
  "stripped signature": ["jwt-stripped-signature"],
  "wrong type": ["jwt-wrong-type"],
  "future and ancient times": ["jwt-future-times", "jwt-ancient-times"],
  "duplicated claims": ["jwt-duplicated-claims"],
  oversize: ["jwt-oversize"],
  "a token made for another server": ["jwt-replayed-from-another-server"],
  "session theft": ["session-theft"],
  "header/body smuggling": ["header-body-smuggling"],
  "request smuggling through paths and encodings": ["path-smuggling", "length-smuggling"],
  "SSRF by configuration and by redirect": ["ssrf-by-configuration", "ssrf-by-redirect"],
  "DNS rebinding": ["dns-rebinding"],
  "log injection": ["log-injection"],
  "prototype pollution": ["prototype-pollution"],
  ReDoS: ["redos"],
  "decompression bombs": ["decompression-bomb"],
  "approval link scanning": ["approval-link-scanning"],
  CSRF: ["csrf"],
  clickjacking: ["clickjacking"],
  XSS: ["xss"],
};

const entries: readonly (readonly [string, Attack])[] = Object.entries(ATTACKS);

/** What a test lacks of what the catalogue says of it. */
function missing({ file, title, rows = [] }: Shown): string[] {
  const table = titlesOf(file).get(title);
  if (table === undefined) return [`${file}: ${title}`];
  return rows.filter((row) => !table.has(row)).map((row) => `${file}: ${title}: ${row}`);
}

describe("the catalogue of attacks", () => {
  test.each(Object.entries(ASKED_FOR))("has an entry with a test for %s", (_asked, names) => {
    for (const name of names) expect(ATTACKS[name].shown.length, name).toBeGreaterThan(0);
  });

  test.each(entries.map(([name, attack]) => ({ name, attack })))("names tests of $name that exist", ({ attack }) => {
    expect(attack.shown.flatMap(missing)).toEqual([]);
    if ("shown" in attack.record) {
      expect(missing(attack.record.shown)).toEqual([]);
      expect(Object.keys(EVENT_CATALOGUE)).toContain(attack.record.type);
    } else expect(attack.record.none.length).toBeGreaterThan(40);
  });

  test("names for each attack a control, and for each control an attack", () => {
    const exercised = new Set(entries.flatMap(([, { controls }]) => controls));
    expect([...exercised].sort()).toEqual(Object.keys(CONTROLS).sort());
    for (const [name, { controls }] of entries) expect(controls.length, name).toBeGreaterThan(0);
  });

  test.each([
    'test.skip("stands", () => {});',
    'it.todo("stands");',
    'test.fails("stands", () => {});',
    'test.runIf(false)("stands", () => {});',
    'test.skipIf(true).each([1])("stands", () => {});',
    'test("stands", { skip: true }, () => {});',
    'test("stands", { timeout: 9, "fails": true }, () => {});',
    'test.each([1])("stands", { todo: true }, () => {});',
    'describe.skip("group", () => { test("stands", () => {}); });',
    'describe("group", { skip: true }, () => { test("stands", () => {}); });',
  ])("takes for no test what need not pass: %s", (source) => {
    const folder = mkdtempSync(join(tmpdir(), "attacks-titles-"));
    const file = join(folder, "odd.test.ts");
    writeFileSync(file, `${source}\ntest("passes", { timeout: 9 }, () => {});\n`);
    expect([...titlesOf(file).keys()]).toEqual(["passes"]);
    rmSync(folder, { recursive: true });
  });

  test("would say of a test that is gone or without its row that it is missing", () => {
    const file = "test/authorizer/attacks.test.ts";
    expect(missing({ file, title: "no such test" })).toEqual([`${file}: no such test`]);
    const [shown] = ATTACKS["jwt-none"].shown;
    expect(missing({ ...(shown as Shown), rows: ["alg some"] })).toEqual([`${file}: ${shown?.title}: alg some`]);
  });

  test("is what docs/attacks.md says: npm run attacks", () => {
    expect(readFileSync(ATTACKS_FILE, "utf8")).toBe(attacksDocument());
  });
});
