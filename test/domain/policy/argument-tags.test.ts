import fc from "fast-check";
import { expect, test } from "vitest";
import {
  argumentTags,
  DEEPEST_TAG,
  MOST_POINTER_CHARACTERS,
  MOST_TAGS,
} from "../../../lambdas/domain/policy/argument-tags.ts";

test.each<[string, unknown, Record<string, string>]>([
  ["no arguments", undefined, {}],
  ["an empty object", {}, { "": "{}" }],
  ["texts and pointers", { a: "x", "b/c": "y", "d~e": "z" }, { "": "{}", "/a": "x", "/b~1c": "y", "/d~0e": "z" }],
  ["floats and whole numbers", { f: 1.5, i: 3, e: 1e21 }, { "": "{}", "/f": "1.5", "/i": "3", "/e": "1e+21" }],
  [
    "minus zero, and other spellings of a number",
    JSON.parse('{"a":-0,"b":0.50,"c":1e3,"d":-0.0}'),
    { "": "{}", "/a": "0", "/b": "0.5", "/c": "1000", "/d": "0" },
  ],
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

test("arguments nested too deep, or with too long names, are refused", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(Object.keys(argumentTags(nested(DEEPEST_TAG)))).toHaveLength(DEEPEST_TAG + 1);
  expect(() => argumentTags(nested(DEEPEST_TAG + 1))).toThrow(expect.objectContaining({ code: "bad_request" }));
  const name = "n".repeat(MOST_POINTER_CHARACTERS / 8);
  expect(() => argumentTags({ [name]: Array.from({ length: 10 }, () => 0) })).toThrow(
    expect.objectContaining({ code: "bad_request" }),
  );
});

test("a text of 4 MB is a tag of 4 MB", () => {
  const text = "x".repeat(4_194_304);
  expect(argumentTags({ text }, new Set(["/text"]))).toEqual({ "/text": text });
});

test("a tag that is asked for by name is the one among all tags, however the arguments are made", () => {
  const names = fc.constantFrom("", "a", "a/b", "~", "~1", "0", "length", "__proto__", "toString", "constructor");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), fc.constant(null), tie("list"), tie("object")),
    list: fc.array(tie("value"), { maxLength: 3 }),
    object: fc.array(fc.tuple(names, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  }));
  const asked = [
    ...["", "/", "/a", "/a~1b", "/~0", "/~01", "/0", "/a/0", "/a/length", "/length", "/__proto__"],
    ...["/toString", "a", "/~", "/~2"],
  ];
  fc.assert(
    fc.property(value, (args) => {
      const all = argumentTags(args);
      const wanted = asked.filter((pointer) => Object.hasOwn(all, pointer)).map((pointer) => [pointer, all[pointer]]);
      expect(argumentTags(args, new Set(asked))).toEqual(Object.fromEntries(wanted));
    }),
  );
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
