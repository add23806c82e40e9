import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { relaxed } from "../../../lambdas/domain/masking/conform/relaxed.ts";
import { textOfPattern } from "../../../lambdas/domain/masking/conform/text-of-pattern.ts";
import { compileMasking, conform, maskJson, withRelaxedSchemas } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const GITHUB = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;
const MAIL = "ada@example.com";

const accepts = (schema: object, value: unknown) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: true, validateSchema: false });
  addFormats.default(ajv);
  return ajv.compile(schema)(value);
};

function answered(structuredContent: object, schema: object) {
  const { text, findings } = maskJson(
    JSON.stringify({ jsonrpc: "2.0", id: 1, result: { structuredContent } }),
    rules,
    tag,
  );
  const shown = conform(text, findings, schema as never);
  return { findings, shown: JSON.parse(shown).result.structuredContent as Record<string, unknown>, text: shown };
}
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

describe("masks conform to the output schema", () => {
  test.each<[string, object, object, unknown]>([
    ["a plain string", { type: "string" }, { a: `mail ${MAIL}` }, "mail [EMAIL_ADDRESS]"],
    ["an address", { type: "string", format: "email" }, { a: MAIL }, "masked@masked.invalid"],
    ["a link", { type: "string", format: "uri" }, { a: `https://x:${GITHUB}@example.com/` }, "https://masked.invalid/"],
    ["a value of many", { enum: ["none", MAIL] }, { a: MAIL }, "none"],
    ["a short string", { type: "string", maxLength: 14 }, { a: MAIL }, "***"],
    ["a long string", { type: "string", minLength: 16 }, { a: MAIL }, "****************"],
    ["a pattern", { type: "string", pattern: "^[a-z]+@[a-z.]{3,}$" }, { a: MAIL }, "x@xxx"],
    [
      "a string or nothing",
      { anyOf: [{ type: "null" }, { type: "string", format: "email" }] },
      { a: MAIL },
      "masked@masked.invalid",
    ],
    ["an amount", { type: "number", minimum: 5 }, { password: 7, a: 1 }, 1],
  ])("%s", (_, leaf, content, expected) => {
    const schema = object({ a: leaf });
    const { shown } = answered(content, schema);
    expect(shown.a).toEqual(expected);
    if (!("password" in content)) expect(accepts(schema, shown)).toBe(true);
  });

  test("under a name with half a surrogate pair", () => {
    const schema = { type: "object", additionalProperties: { type: "string", format: "email" } };
    expect(answered({ "\ud800": MAIL }, schema).shown).toEqual({ "\ud800": "masked@masked.invalid" });
  });

  test("through references, lists, and numbers with a least value", () => {
    const schema = {
      type: "object",
      $defs: {
        person: object({ mail: { type: "string", format: "email" }, password: { type: "integer", minimum: 5 } }),
      },
      properties: { people: { type: "array", items: { $ref: "#/$defs/person" } } },
      additionalProperties: { type: "string", format: "email" },
    };
    const { shown, text, findings } = answered({ people: [{ mail: MAIL, password: 9 }], other: MAIL }, schema);
    expect(shown).toEqual({
      people: [{ mail: "masked@masked.invalid", password: 5 }],
      other: "masked@masked.invalid",
    });
    expect(accepts(schema, shown)).toBe(true);
    expect(findings).toHaveLength(3);
    expect(maskJson(text, rules, tag).findings.map(({ kind }) => kind)).toEqual(["PASSWORD"]);
  });
});

describe("a listed schema", () => {
  test.each<[string, object]>([
    ["plain", object({ a: { type: "string" }, n: { type: "number" } })],
    [
      "with formats, lengths, values and simple patterns",
      object({
        a: { type: "string", format: "date-time" },
        b: { type: "string", minLength: 1, maxLength: 5 },
        c: { enum: ["x", "y"] },
        d: { type: "string", pattern: "^[A-Z]{2}-\\d+$" },
        e: { type: "integer", minimum: 1, maximum: 9 },
      }),
    ],
  ])("stays as it is when masks can conform: %s", (_, schema) => {
    expect(relaxed(schema as never)).toBe(schema);
  });

  test.each<[string, object, unknown]>([
    ["a pattern that looks around", { type: "string", pattern: "^(?=.*@)[a-z@.]+$" }, "[EMAIL_ADDRESS]"],
    ["a format within a length it does not fit", { type: "string", format: "email", maxLength: 12 }, "[EMAIL_ADDRESS]"],
    ["items that must differ", { type: "array", uniqueItems: true, items: { type: "string" } }, ["[A_B]", "[A_B]"]],
    ["names of a pattern", { type: "object", propertyNames: { format: "email" } }, { "[EMAIL_ADDRESS]": 1 }],
    [
      "one of two",
      {
        oneOf: [
          { type: "string", pattern: "(?!x)a" },
          { type: "string", pattern: "(?!x)b" },
        ],
      },
      "[SECRET]",
    ],
  ])("admits masks where none can conform: %s", (_, leaf, mask) => {
    const schema = object({ a: leaf });
    expect(accepts(schema, { a: mask })).toBe(false);
    expect(accepts(relaxed(schema as never) as object, { a: mask })).toBe(true);
  });

  test("of a list changes nothing else of it", () => {
    const pattern = { type: "string", pattern: "(?=x)x" };
    const tool = (outputSchema: object) => ({ name: "t", price: 1.5, outputSchema });
    const source = `{"jsonrpc":"2.0", "id":1, "result": {"tools": [ ${JSON.stringify(tool(object({ a: pattern })))} , {"n":1.50}]}}`;
    const shown = withRelaxedSchemas(source, JSON.parse(source));
    expect(JSON.parse(shown).result.tools[0].outputSchema.properties.a.anyOf).toHaveLength(2);
    expect(shown).toContain('} , {"n":1.50}]}}');
  });
});

test.each([
  ["^[A-Z]{3}\\d{2,}$", "XXX00"],
  ["^(?:foo|ab)?x*y+$", "y"],
  ["[^a-z*]", "X"],
  ["^\\+?[0-9][0-9 .-]{6,}$", "0000000"],
  ["(?<!a)b", undefined],
  ["(a+)+\\1", undefined],
  ["^a{99999}$", undefined],
  ["[", undefined],
])("a text is made from %s", (pattern, text) => {
  expect(textOfPattern(pattern)).toBe(text);
  if (text !== undefined) expect(text).toMatch(new RegExp(pattern, "u"));
});
