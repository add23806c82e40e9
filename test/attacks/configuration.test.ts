import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { ConfigError } from "../../lib/config/config-error.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { parseYaml } from "../../lib/config/yaml-file.ts";

const GOOD = readFileSync("config/gateway.yaml", "utf8");
const folder = mkdtempSync(join(tmpdir(), "attacks-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const problemsOf = (text: string): readonly string[] => {
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, text);
  try {
    loadConfig(file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe("names that every object has are keys like any other in a configuration, and none of its keys", () => {
  afterEach(() => expect("polluted" in {}).toBe(false));

  test("the configuration that they are put into is good", () => expect(problemsOf(GOOD)).toEqual([]));

  test.each([
    [
      "__proto__ at the top",
      `${GOOD}\n__proto__: { publicUrl: https://attacker.test, polluted: 1 }\n`,
      /unknown key "__proto__"/,
    ],
    ["constructor at the top", `${GOOD}\nconstructor: { prototype: { polluted: 1 } }\n`, /unknown key "constructor"/],
    [
      "__proto__ inside",
      GOOD.replace(/^limits:$/m, "limits:\n  __proto__: { polluted: 1 }"),
      /limits: unknown key "__proto__"/,
    ],
    ["a merge", `${GOOD}\n<<: { polluted: 1 }\n`, /unknown key "<<"/],
    ["a key twice", `${GOOD}\npublicUrl: https://attacker.test\n`, /Map keys must be unique/],
    ["a type of JavaScript's", `${GOOD}\nx: !!js/function 'function () {}'\n`, /Unresolved tag/],
  ])("%s is refused", (_what, text, says) => {
    expect(text).not.toBe(GOOD);
    expect(problemsOf(text)).toEqual([expect.stringMatching(says)]);
  });

  test("where names are free they are members, and no prototype", () => {
    const read = parseYaml("__proto__: [1]\nconstructor: [2]\n", "f.yaml", z.record(z.string(), z.array(z.number())));
    expect([Object.getOwnPropertyNames(read), Object.getPrototypeOf(read)]).toEqual([
      ["constructor"],
      Object.prototype,
    ]);
  });
});

test("aliases of aliases, which would be a billion entries, are refused before they are made", () => {
  const levels = Array.from({ length: 9 }, (_, at) => {
    const of = at === 0 ? "x" : `*l${at - 1}`;
    return `l${at}: &l${at} [${Array<string>(10).fill(of).join(", ")}]`;
  });
  const started = performance.now();
  expect(problemsOf(levels.join("\n"))).toEqual([expect.stringMatching(/gateway\.yaml: Excessive alias count/)]);
  expect(performance.now() - started).toBeLessThan(1000);
});
