import fc from "fast-check";
import { expect, test } from "vitest";
import { argumentTags, MOST_TAGS } from "../../../lambdas/domain/policy/argument-tags.ts";

test.each<[string, unknown, Record<string, string>]>([
  ["no arguments", undefined, {}],
  ["an empty object", {}, { "": "{}" }],
  ["texts and pointers", { a: "x", "b/c": "y", "d~e": "z" }, { "": "{}", "/a": "x", "/b~1c": "y", "/d~0e": "z" }],
  ["floats and whole numbers", { f: 1.5, i: 3, e: 1e21 }, { "": "{}", "/f": "1.5", "/i": "3", "/e": "1e+21" }],
  ["null and booleans", { n: null, t: true }, { "": "{}", "/n": "null", "/t": "true" }],
  ["nesting", { a: [{ b: [] }, "c"] }, { "": "{}", "/a": "[]", "/a/0": "{}", "/a/0/b": "[]", "/a/1": "c" }],
  ["an empty name", { "": 1 }, { "": "{}", "/": "1" }],
  ["the name __proto__", JSON.parse('{"__proto__":"x"}'), { "": "{}", "/__proto__": "x" }],
])("tags %s", (_, value, tags) => {
  expect(argumentTags(value)).toEqual(tags);
});

test("more values than fit are refused, for a forbid could miss one", () => {
  const list = (length: number) => Array.from({ length }, () => 0);
  expect(Object.keys(argumentTags(list(MOST_TAGS - 1)))).toHaveLength(MOST_TAGS);
  expect(() => argumentTags(list(MOST_TAGS))).toThrow(expect.objectContaining({ code: "bad_request" }));
});

test("every value has a tag of its own and every tag is a text", () => {
  const count = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? 1 + Object.values(value).reduce((sum: number, v) => sum + count(v), 0)
      : 1;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const tags = argumentTags(JSON.parse(JSON.stringify(value)));
      expect(Object.keys(tags)).toHaveLength(count(value));
      for (const tag of Object.values(tags)) expect(tag).toBeTypeOf("string");
    }),
  );
});
