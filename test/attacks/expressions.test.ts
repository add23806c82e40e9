import { globSync, readFileSync } from "node:fs";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { assess, compileRisks } from "../../lambdas/domain/risk/index.ts";
import { expression } from "../../lib/config/expression.ts";
import type { RisksConfig } from "../../lib/config/risks.ts";

/** Rules of masking and risk are many, and search all of a text: their time is measured, here and in their own tests. Evidence and archive read our own words. */
const ELSEWHERE =
  /^lambdas\/(?:domain\/(?:masking|evidence|risk(?!\/shell\/))|archiver|aws|compactor|digester|exporter|holder|observer|reconciler|recorder)\//;

/** Every regular expression of the code that meets requests, tokens and servers' answers, by its text. */
function expressions(): Map<string, { readonly file: string; readonly pattern: string; readonly flags: string }> {
  const found = new Map<string, { file: string; pattern: string; flags: string }>();
  const walk = (file: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("regex" in value && value.regex !== undefined) {
      const { pattern, flags } = value.regex as { pattern: string; flags: string };
      found.set(`/${pattern}/${flags}`, { file, pattern, flags });
    }
    for (const part of Object.values(value)) walk(file, part);
  };
  for (const file of globSync("lambdas/**/*.ts").filter((name) => !ELSEWHERE.test(name)))
    walk(file, parseSync(file, readFileSync(file, "utf8")).program);
  return found;
}

describe("every expression that reads a request before it is decided", () => {
  const all = [...expressions()];

  test("is found", () => {
    expect(all.length).toBeGreaterThan(30);
    expect(all.map(([, { file }]) => file)).toContain("lambdas/authorizer/authorizer.ts");
  });

  test.each(all)("takes linear time, proven: %s", (_text, { pattern, flags }) => {
    const { error } = expression(flags).safeParse(pattern);
    expect(error?.issues.map(({ message }) => message)).toBeUndefined();
  });
});

/** What stands before the part that is said again and again, that part, and what stands behind it. */
type Growing = readonly [argument: "command" | "sql" | "input", before: string, part: string, after: string];

const GROWING: readonly Growing[] = [
  ["command", "x=$(echo '", "\n", "x')"],
  ["command", `a=${"b".repeat(15_000)};`, "$a;", ""],
  ["command", "a='", "b ", `';${"echo $a | sh;".repeat(200)}`],
  ["command", "a='", "b", `';${"echo {$a,$a};".repeat(200)}`],
  ["command", "set -- ", "a ", `;${"sudo $@;".repeat(300)}`],
  ["command", "", "a=$a$a;", ""],
  ["command", "", "a+=b;", ""],
  ["command", "a=(", "b ", `);${`\${a[@]};`.repeat(300)}`],
  ["command", "a=1;", "a=$((a+a));", ""],
  ["command", "", "{a,b}", ""],
  ["command", "$(printf '", "%s", "' a b)"],
  ["command", "$(printf %s%s ", "a ", ")"],
  ["command", "cat <<E | sh\n", "$a\n", "E"],
  ["command", "", "cat <<E | sh\na\nE\n", ""],
  ["command", "f() { ", "a;", " }; x | f; x | f"],
  ["command", "", "f() { f; }; x | f;", ""],
  ["command", "", "a | (b | { sh; });", ""],
  ["command", "", "x | ", "sh"],
  ["command", "", "$(", ""],
  ["command", "", "(", ""],
  ["command", "curl -", "O", "1 a/b"],
  ["command", "x | bash -", "c", "1"],
  ["command", "", "sudo --a b ", "rm"],
  ["command", "", "sudo --a sudo ", "rm"],
  ["command", "", "xargs -I{} sh -c ", "{}"],
  ["command", "parallel ", "--a b ", "rm"],
  ["command", "bwrap ", "--bind / / ", "rm"],
  ["command", "", "perf ", "ls"],
  ["command", "", "watch perf ", "ls"],
  ["command", "echo 'perf perf ls' | ", "perf xargs ", ""],
  ["command", "psql -c '\\copy (", "(", "'"],
  ["command", "psql -c '\\copy (", ") ", "'"],
  ["command", "psql -c '", "\\x \\\\ ", "'"],
  ["command", "psql -c '\\x", " ", "\\'"],
  ["command", "find ", "-exec a ", ""],
  ["command", "docker run ", "--a b ", "rm"],
  ["command", "psql ", "-tAc a ", ""],
  ["command", "", "aws s3 ", ""],
  ["sql", "select ", "'a',", "1"],
  ["sql", "select 1 where ", "a = b or ", "c"],
  ["sql", "", "select 1;", ""],
  ["sql", "", "/*", ""],
  ["sql", "", "exec a.", ""],
  ["sql", "do $$ ", "begin execute 'drop table x'; ", "end $$"],
  ["input", "", "rm ", ""],
  ["input", "", "%72%6d ", ""],
  ["input", "", "cm0gLXJmIC8= ", ""],
  ["input", "/", ".ssh/", ""],
];

describe("risk assessment of a text that is made to be costly", () => {
  const catalogue = compileRisks(parse(readFileSync("config/risks.yaml", "utf8")) as RisksConfig);
  /** The least of three, in milliseconds of this thread alone: other work of the machine does not count. */
  const cost = ([argument, before, part, after]: Growing, length: number): number => {
    const text = before + part.repeat(Math.ceil(length / part.length)) + after;
    const once = () => {
      const before = process.threadCpuUsage();
      assess({ server: "ops", method: "tools/call", name: "apply", arguments: { [argument]: text } }, catalogue);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    };
    return Math.min(once(), once(), once());
  };
  /** Shorter times are those of the machine and not of the text. */
  const LEAST = 25;

  test.each(GROWING)(
    "costs no more than its length does: %s %j %j %j",
    (...growing) => {
      const short = Math.max(LEAST, cost(growing, 15_000));
      // Of four times the length: a square would cost sixteen times as much.
      expect(cost(growing, 60_000)).toBeLessThan(10 * short);
    },
    60_000,
  );
});
