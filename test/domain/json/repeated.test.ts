import { describe, expect, test } from "vitest";
import { repeatsName } from "../../../lambdas/domain/json/repeated.ts";

describe("repeatsName", () => {
  const EVERYWHERE = Number.POSITIVE_INFINITY;

  test.each([
    ['{"a":1,"a":2}', 1],
    ['{"a":1,"\\u0061":2}', 1],
    ['{"a":{"b":1},"c":{"b":1,"b":2}}', 2],
    ['{"a":[{"b":1,"b":2}]}', EVERYWHERE],
    ['{"__proto__":1,"__proto__":2}', EVERYWHERE],
  ])("finds the second of %s to a depth of %d", (text, depth) => {
    expect(repeatsName(text, depth)).toBe(true);
  });

  test.each([
    ['{"a":{"a":{"a":1}},"b":{"a":1}}', EVERYWHERE],
    ['[{"a":1},{"a":1}]', EVERYWHERE],
    ['{"a":{"b":{"c":1,"c":2}}}', 2],
    ['{"a":1,"a":2}', 0],
    ['["a","a"]', EVERYWHERE],
  ])("finds none in %s to a depth of %d", (text, depth) => {
    expect(repeatsName(text, depth)).toBe(false);
  });
});
