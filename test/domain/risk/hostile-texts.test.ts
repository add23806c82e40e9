import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parseSync, scanSync } from "libpg-query";
import { parse } from "unbash";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { formsOf } from "../../../lambdas/domain/risk/forms.ts";
import { assess, compileRisks, UNASSESSED } from "../../../lambdas/domain/risk/index.ts";
import { MOST_PARSED_TEXTS } from "../../../lambdas/domain/risk/work.ts";
import { parseRisks } from "../../../lib/config/risks.ts";

vi.mock("unbash", async (original) => {
  const real = await original<typeof import("unbash")>();
  return { ...real, parse: vi.fn<typeof real.parse>(real.parse) };
});
vi.mock("libpg-query", async (original) => {
  const real = await original<typeof import("libpg-query")>();
  return {
    ...real,
    parseSync: vi.fn<typeof real.parseSync>(real.parseSync),
    scanSync: vi.fn<typeof real.scanSync>(real.scanSync),
  };
});

const catalogue = compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "config/risks.yaml"));
const labels = (args: Json, name = "apply") => [
  ...new Set(
    assess({ server: "ops", method: "tools/call", name, arguments: args }, catalogue).map((match) => match.risk),
  ),
];
const parsers = [vi.mocked(parse), vi.mocked(parseSync), vi.mocked(scanSync)];
beforeEach(() => {
  for (const parser of parsers) parser.mockClear();
});

describe("four megabytes that all want to be parsed", () => {
  const many = (text: string) => Array.from({ length: Math.floor(4_000_000 / text.length) }, () => text);
  test.each<[string, Json]>([
    ["commands", { command: many("rm -r x; $(rm y) ") }],
    ["long commands", { command: many("sh -c 'rm x'; ".repeat(500)) }],
    ["statements", { sql: many("select 1 from a where b = 1; ".repeat(280)) }],
    ["statements that do not parse", { sql: many(`${"select 1 from a; ".repeat(400)} 0`) }],
    ["bodies of statements", { sql: many(`do $$ ${"begin execute 'select 1 from x'; ".repeat(200)} end $$`) }],
    ["strings that could be commands", { files: many("rm -rf x") }],
    ["lists that could be commands", { files: many("x".repeat(12)).map(() => ["rm", "-rf", "/"]) }],
    ["names", Object.fromEntries(many("x".repeat(40)).map((_, at) => [`rm -rf /${at}`, 1]))],
    ["one text", { input: "rm -rf /srv/app\n".repeat(250_000) }],
  ])("%s: so many are, the rest is unassessed", (_, args) => {
    expect(labels(args)).toContain(UNASSESSED);
    const calls = parsers.flatMap((parser) => parser.mock.calls);
    expect(calls.length).toBeLessThanOrEqual(MOST_PARSED_TEXTS);
    expect(calls.reduce((sum, [text]) => sum + text.length, 0)).toBeLessThanOrEqual(1_048_576);
  });
});

describe("a parser that fails", () => {
  test.each<[string, () => void, Json]>([
    [
      "of commands",
      () =>
        vi.mocked(parse).mockImplementationOnce(() => {
          throw new RangeError("Maximum call stack size exceeded");
        }),
      { command: "ls" },
    ],
    [
      "of commands, for a text that only may be one",
      () =>
        vi.mocked(parse).mockImplementationOnce(() => {
          throw new RangeError("Maximum call stack size exceeded");
        }),
      { value: "git status" },
    ],
  ])("%s leaves a call unassessed", (_, breakIt, args) => {
    expect(labels(args)).toEqual([]);
    breakIt();
    expect(labels(args)).toEqual([UNASSESSED]);
  });

  test("of statements leaves a call unassessed", () => {
    const fail = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    vi.mocked(parseSync).mockImplementation(fail);
    vi.mocked(scanSync).mockImplementation(fail);
    expect(labels({ sql: "select 1" })).toEqual([UNASSESSED]);
    vi.mocked(parseSync).mockReset();
    vi.mocked(scanSync).mockReset();
  });
});

const DEEP = [
  "(",
  "$(",
  "{ ",
  "if ",
  "`",
  '"$(',
  "<(",
  "<<a ",
  "${a:-",
  "case a in a) ",
  "\0",
  "\ud800",
  "select (",
  "/*",
];

describe("nesting and noise", () => {
  test.each([...DEEP, "case when ", "not ", "do $a$ ", "1 in (", "- ", "'"])(
    "%j a thousand times over throws nothing",
    (part) => {
      for (const length of [1000, 8000]) {
        const text = part.repeat(length);
        expect(labels({ command: `${text}\nrm -rf /`, sql: `select ${text}` }).length).toBeGreaterThan(0);
      }
    },
  );

  test("leaves the parsers sound", () => {
    const before = process.memoryUsage().rss;
    for (let at = 0; at < 1500; at += 1)
      labels({ sql: `select ${at % 2 === 0 ? "(".repeat(95) : "- ".repeat(390)}${at}` });
    expect(labels({ sql: "drop table a" })).toEqual(["destructive"]);
    expect(labels({ sql: "select 1" })).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  test("hides nothing behind 64 KB of blanks or lines", () => {
    for (const padding of [" ".repeat(70_000), "# a\n".repeat(20_000), "echo a\n".repeat(12_000)])
      expect(labels({ input: `${padding}\nrm -rf /srv` }).length).toBeGreaterThan(0);
    expect(labels({ input: `select 1;${" ".repeat(70_000)}drop table a` })).toContain(UNASSESSED);
  });
});

describe("a payload in an odd place", () => {
  test.each<[string, Json, string?]>([
    ["a member's name", { files: { "/app/.env": true } }],
    ["a member's name that is a command", { steps: { "rm -rf /srv": {} } }],
    ["a list under any name", { value: ["rm", "-rf", "/srv"] }],
    ["a list with a path of the program", { value: ["/usr/bin/git", "push", "--force"] }],
    ["numbered members", { command: { "0": "ls", "1": "rm -rf /srv" } }],
    ["what the tool's name begins", { args: ["push", "--force"] }, "run_git"],
    ["an argument that goes on with the tool's name", { input: "delete namespace prod" }, "kubectl"],
  ])("%s", (_, args, name) => {
    expect(labels(args, name)).not.toEqual([]);
  });

  test.each<[Json, string?]>([
    [{ tags: ["find", "me"] }],
    [{ tags: ["at", "home"] }],
    [{ message: "push --force with care" }, "git_commit"],
    [{ namespace: "prod", output: "json" }, "kubectl_get_pods"],
    [{ "X-Request-Id": "1", $match: { "a.b": 1 } }],
  ])("%j of %s is honest", (args, name) => {
    expect(labels(args, name)).toEqual([]);
  });
});

test("base64 of any text is read, whatever is told of it by its first bytes", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 6, maxLength: 60 })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what was no text is not read
    .filter((one) => !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(one) && one.isWellFormed());
  fc.assert(
    fc.property(text, fc.constantFrom("base64", "base64url"), (plain, encoding) => {
      const encoded = Buffer.from(plain).toString(encoding as BufferEncoding);
      const forms = formsOf(`echo ${encoded} `, { characters: 10_000, exhausted: false });
      expect(forms.map((form) => form.text)).toContain(plain);
    }),
  );
});
