import { globSync, readFileSync } from "node:fs";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import { expression } from "../../lib/config/expression.ts";

/** Rules of masking and risk are many, and search all of a text: their own tests measure their time. Evidence and archive read our own words. */
const ELSEWHERE =
  /^lambdas\/(?:domain\/(?:masking|risk|evidence)|archiver|aws|compactor|digester|exporter|holder|observer|reconciler|recorder)\//;

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
