import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, digest, sha256Hex } from "../../../lambdas/domain/json/canonical.ts";
import { leavesOf } from "../../../lambdas/domain/json/leaves.ts";
import { readStrict, StrictJsonError, type StrictJsonErrorCode } from "../../../lambdas/domain/json/strict.ts";

const refusal = (text: string, depth = 64) => {
  try {
    readStrict(text, { depth });
  } catch (error) {
    if (error instanceof StrictJsonError) return { code: error.code, pointer: error.pointer };
    throw error;
  }
  return undefined;
};

describe("readStrict", () => {
  test.each<[string, StrictJsonErrorCode, string]>([
    ["", "not_json", ""],
    ["{", "not_json", ""],
    ["[1,]", "not_json", ""],
    ['{"a":1} x', "not_json", ""],
    ['{"a":1,"a":2}', "duplicate_key", "/a"],
    ['{"a":1,"\\u0061":2}', "duplicate_key", "/a"],
    ['{"x":[{"a/b":1,"a/b":1}]}', "duplicate_key", "/x/0/a~1b"],
    ['{"__proto__":1,"__proto__":2}', "duplicate_key", "/__proto__"],
    ['{"n":9007199254740993}', "unsafe_number", "/n"],
    ["[1e400]", "unsafe_number", "/0"],
    ["[1,1e-400]", "unsafe_number", "/1"],
    ["0.1000000000000000055511151231257827", "unsafe_number", ""],
    ['["\\ud800"]', "lone_surrogate", "/0"],
    ['{"\\udc00":1}', "lone_surrogate", "/\ufffd"],
  ])("refuses %s as %s at %s", (text, code, pointer) => {
    expect(refusal(text)).toEqual({ code, pointer });
  });

  test.each([
    "1.0",
    "1e2",
    "-0",
    "0.10",
    "100000000000000000000",
    "1E+2",
    "5e-324",
    "1.7976931348623157e308",
    "0e999",
    '"\\ud83d\\ude00"',
  ])("accepts %s", (text) => {
    expect(readStrict(text, { depth: 1 })).toEqual(JSON.parse(text));
  });

  test("counts depth by container", () => {
    expect(refusal("[[1]]", 2)).toBeUndefined();
    expect(refusal("[[[1]]]", 2)).toEqual({ code: "too_deep", pointer: "" });
    expect(refusal("[".repeat(200_000) + "]".repeat(200_000), 64)?.code).toMatch(/too_deep|not_json/);
  });

  test("the same name in two objects is no duplicate", () => {
    expect(refusal('{"a":{"x":1},"b":{"x":2},"x":[{"x":1},{"x":1}]}')).toBeUndefined();
  });

  test("never quotes the text in its message", () => {
    expect(() => readStrict('{"password": hunter2}', { depth: 4 })).toThrow(/^not JSON$/);
  });

  test("reads what JSON.stringify writes of any value, or says why not", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = JSON.stringify(value);
        if (refusal(text, 100) === undefined) expect(readStrict(text, { depth: 100 })).toEqual(JSON.parse(text));
      }),
    );
  });

  test("a long run of zeros costs linear time", () => {
    const started = performance.now();
    expect(refusal(`[0.${"0".repeat(1_000_000)}1]`)?.code).toBe("unsafe_number");
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("leavesOf", () => {
  test("gives pointer, value and the place of the token", () => {
    const text = '{ "a/b" : [ 1.50, "x\\n\\"y", {} , true ], "~": null }';
    const leaves = leavesOf(text).map((leaf) => [
      leaf.pointer,
      leaf.value,
      text.slice(leaf.offset, leaf.offset + leaf.length),
    ]);
    expect(leaves).toEqual([
      ["/a~1b/0", 1.5, "1.50"],
      ["/a~1b/1", 'x\n"y', '"x\\n\\"y"'],
      ["/a~1b/3", true, "true"],
      ["/~0", null, "null"],
    ]);
  });

  test("finds every leaf of any document, and no other", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const expected: unknown[] = [];
        JSON.parse(text, (_name, leaf: unknown) => {
          if (leaf === null || typeof leaf !== "object") expected.push(leaf);
          return leaf;
        });
        const found = leavesOf(text);
        for (const leaf of found)
          expect(JSON.parse(text.slice(leaf.offset, leaf.offset + leaf.length))).toEqual(leaf.value);
        expect(found.length).toBe(expected.length);
      }),
    );
  });
});

describe("canonical", () => {
  test("is one text for one value (RFC 8785)", () => {
    expect(canonical({ b: [1e21, 1.0, -0], a: "€\u000f\n" })).toBe('{"a":"€\\u000f\\n","b":[1e+21,1,0]}');
    expect(digest({ a: 1, b: 2 })).toBe(digest({ b: 2, a: 1 }));
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("refuses what has no canonical form", () => {
    expect(() => canonical("\ud800")).toThrow("surrogate");
  });
});
