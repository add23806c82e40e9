import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { relaxed } from "../../../lambdas/domain/masking/conform/relaxed.ts";
import { compileMasking, conform, maskJson, withRelaxedSchemas } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const MAIL = "ada@example.com";
const LINK = `https://bob:${"S3cr3t"}Value9@example.com/x`;
const DULL = "masked@masked.invalid";

function accepts(schema: object, value: unknown): boolean {
  const ajv = new Ajv2020({ strict: false, validateFormats: true, validateSchema: false });
  addFormats.default(ajv);
  return ajv.compile(schema)(value);
}

/** What a client is shown of an answer, which must have conformed before. */
function shownOf(schema: object, content: object | string): unknown {
  expect(accepts(schema, content), "the server's own answer conforms").toBe(true);
  const message = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { structuredContent: content } });
  const { text, findings } = maskJson(message, rules, tag);
  return JSON.parse(conform(text, findings, schema as never)).result.structuredContent;
}

const listedAs = (schema: object) => relaxed(schema as never) as object;
const email = { type: "string", format: "email" };
const uri = { type: "string", format: "uri" };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const kind = (name: string, value: object) =>
  object(
    { type: { type: "string", const: name }, value },
    { required: ["type", "value"], additionalProperties: false },
  );
const schemaOf = (type: z.ZodType) => z.toJSONSchema(type) as object;

const contact = z.discriminatedUnion("type", [
  z.object({ type: z.literal("email"), value: z.email() }),
  z.object({ type: z.literal("url"), value: z.url() }),
]);

const CASES: readonly {
  name: string;
  schema: object;
  content: object | string;
  shown?: object | string;
  stays?: true;
}[] = [
  {
    name: "a discriminated union of zod",
    schema: schemaOf(z.object({ to: contact })),
    content: { to: { type: "email", value: MAIL } },
    // Nothing is made that fits both the format and the pattern that zod says with it.
    shown: { to: { type: "email", value: "[EMAIL_ADDRESS]" } },
  },
  {
    name: "a list of them, one of each",
    schema: schemaOf(z.object({ all: z.array(contact.nullable()) })),
    content: { all: [{ type: "url", value: LINK }, null, { type: "email", value: MAIL }] },
    shown: {
      all: [{ type: "url", value: "https://masked.invalid/" }, null, { type: "email", value: "[EMAIL_ADDRESS]" }],
    },
  },
  {
    name: "exactly one of two, told apart by a constant",
    schema: object({ a: { oneOf: [kind("site", uri), kind("mail", email)] } }),
    content: { a: { type: "mail", value: MAIL } },
    shown: { a: { type: "mail", value: DULL } },
    stays: true,
  },
  {
    name: "branches by reference",
    schema: {
      ...object({ a: { anyOf: [{ $ref: "#/$defs/site" }, { $ref: "#/$defs/mail" }] } }),
      $defs: { site: kind("site", uri), mail: kind("mail", email) },
    },
    content: { a: { type: "mail", value: MAIL } },
    shown: { a: { type: "mail", value: DULL } },
    stays: true,
  },
  {
    name: "branches that the members which are there tell apart",
    schema: object({
      a: {
        anyOf: [
          object({ site: uri, owner: uri }, { required: ["site"] }),
          object({ mail: email, owner: email }, { required: ["mail"] }),
        ],
      },
    }),
    content: { a: { mail: MAIL, owner: MAIL } },
  },
  {
    name: "branches that nothing tells apart",
    schema: object({ a: { anyOf: [object({ v: email, w: uri }), object({ v: uri, w: email })] } }),
    content: { a: { v: LINK, w: MAIL } },
  },
  {
    name: "patterns of names with different formats",
    schema: { type: "object", patternProperties: { "^mail": email, "^site": uri } },
    content: { mail1: MAIL, site1: LINK },
    shown: { mail1: DULL, site1: "https://masked.invalid/" },
  },
  {
    name: "patterns of names that are not run",
    schema: { type: "object", patternProperties: { "^(m|n)+ail": email, "^(s|t)+ite": uri } },
    content: { mail1: MAIL, site1: LINK },
  },
  {
    name: "a pattern of names, and other names",
    schema: { type: "object", patternProperties: { "^mail": email }, additionalProperties: uri },
    content: { mail1: MAIL, other: LINK },
    shown: { mail1: DULL, other: "https://masked.invalid/" },
  },
  {
    name: "names that no pattern speaks of, and none is evaluated elsewhere",
    schema: { type: "object", patternProperties: { "@": { type: "string" } }, unevaluatedProperties: false },
    content: { [MAIL]: "yes" },
  },
  {
    name: "such names two schemas deep",
    schema: {
      type: "object",
      unevaluatedProperties: false,
      allOf: [{ type: "object", patternProperties: { "@": { type: "string" } } }],
    },
    content: { [MAIL]: "yes" },
  },
  {
    name: "names that fit a pattern, beside others of another type",
    schema: {
      type: "object",
      patternProperties: { "@": { type: "string" } },
      additionalProperties: { type: "number" },
    },
    content: { [MAIL]: "yes", other: 1 },
  },
  {
    name: "an address that is all there is",
    schema: email,
    content: MAIL,
    shown: DULL,
    stays: true,
  },
  {
    name: "an array that must contain one",
    schema: object({ a: { type: "array", contains: { type: "string", const: MAIL } } }),
    content: { a: ["x", MAIL] },
  },
  {
    name: "an array that must not contain many",
    schema: object({
      a: { type: "array", contains: { maxLength: 3 }, maxContains: 1, items: { type: "string", maxLength: 13 } },
    }),
    content: { a: ["ab", "a@example.com"] },
    shown: { a: ["ab", "***"] },
  },
  {
    name: "a reference through the schema's own id",
    schema: {
      $id: "https://schemas.example/answer",
      ...object({ a: { $ref: "https://schemas.example/answer#/$defs/e" }, b: { $ref: "answer#/$defs/e" } }),
      $defs: { e: email },
    },
    content: { a: MAIL, b: MAIL },
    shown: { a: DULL, b: DULL },
    stays: true,
  },
  {
    name: "a reference to the id of a definition",
    schema: {
      $id: "https://schemas.example/other",
      ...object({ a: { $ref: "mail.json" } }),
      $defs: { e: { $id: "mail.json", ...email } },
    },
    content: { a: MAIL },
    shown: { a: DULL },
    stays: true,
  },
  {
    name: "schemas that hold together",
    schema: object({ a: { allOf: [email, { maxLength: 30 }] } }),
    content: { a: MAIL },
    shown: { a: DULL },
    stays: true,
  },
  {
    name: "schemas that together nothing fits",
    schema: object({ a: { allOf: [email, { maxLength: 18 }] } }),
    content: { a: MAIL },
  },
  {
    name: "members of two schemas that hold together",
    schema: { allOf: [object({ a: email }), object({ a: { type: "string", maxLength: 18 } })] },
    content: { a: MAIL },
  },
  {
    name: "then and else",
    schema: {
      ...object({ is: { type: "string" } }),
      if: object({ is: { const: "mail" } }),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: object({ v: email }),
      else: object({ v: uri }),
    },
    content: { is: "mail", v: MAIL },
  },
  {
    name: "formats of an array's places",
    schema: object({ a: { type: "array", prefixItems: [email, uri], items: { type: "string", format: "ipv4" } } }),
    content: { a: [MAIL, LINK, "81.2.69.142"] },
    shown: { a: [DULL, "https://masked.invalid/", "0.0.0.0"] },
    stays: true,
  },
  {
    name: "an array of any of many formats",
    schema: object({ a: { type: "array", items: { anyOf: [uri, email, { type: "string", format: "ipv4" }] } } }),
    content: { a: [MAIL, LINK, "81.2.69.142"] },
    stays: true,
  },
  {
    name: "exactly one of two that a stand-in may fit both",
    schema: object({
      a: {
        oneOf: [
          { type: "string", pattern: "^a" },
          { type: "string", format: "email", minLength: 15 },
        ],
      },
    }),
    content: { a: "zed@example.com" },
  },
  {
    name: "members that no other schema speaks of",
    schema: { allOf: [object({ b: { type: "string" } })], unevaluatedProperties: email },
    content: { a: MAIL, b: "x" },
  },
];

describe("a client that was listed the schema accepts the masked answer", () => {
  test.each(CASES.map((one) => [one.name, one] as const))("%s", (_, { schema, content, shown, stays }) => {
    const answer = shownOf(schema, content);
    expect(JSON.stringify(answer)).not.toContain("ada");
    expect(accepts(listedAs(schema), answer), JSON.stringify([answer, listedAs(schema)])).toBe(true);
    expect(accepts(listedAs(schema), content), "what conformed before still does").toBe(true);
    if (shown !== undefined) expect(answer).toEqual(shown);
    if (stays) expect(accepts(schema, answer), "by the server's own schema too").toBe(true);
    if (stays) expect(listedAs(schema)).toBe(schema);
  });
});

test("a tool that may run as a task is listed so that masks fit everywhere, for its result does not say whose it is", () => {
  const schema = schemaOf(
    z.object({
      to: z.discriminatedUnion("type", [
        z.object({ type: z.literal("email"), value: z.string().max(20) }),
        z.object({ type: z.literal("url"), value: z.url() }),
      ]),
      n: z.number().min(5),
      e: z.enum(["x", "y"]),
    }),
  );
  const list = (taskSupport: string) =>
    JSON.stringify({
      result: {
        tools: [{ name: "t", inputSchema: { type: "object" }, outputSchema: schema, execution: { taskSupport } }],
      },
    });
  const [forbidden, optional, required] = ["forbidden", "optional", "required"].map((support) => {
    const text = list(support);
    return JSON.parse(withRelaxedSchemas(text, JSON.parse(text))).result.tools[0].outputSchema as object;
  });
  const masked = { to: { type: "email", value: "[EMAIL_ADDRESS]" }, n: 0, e: "[SECRET]" };
  expect(forbidden).toEqual(schema);
  for (const listed of [optional ?? {}, required ?? {}]) {
    expect(accepts(listed, masked)).toBe(true);
    expect(accepts(listed, { to: { type: "email", value: MAIL }, n: 5, e: "x" })).toBe(true);
    expect(accepts(listed, { to: { type: "other", value: "[EMAIL_ADDRESS]" }, n: 5, e: "x" })).toBe(false);
  }
});

test.each<[string, object]>([
  ["itself on many ways", { $ref: "#", anyOf: [{ $ref: "#" }, { $ref: "#" }], oneOf: [{ $ref: "#" }, email] }],
  ["itself within", object({ a: { anyOf: Array.from({ length: 40 }, () => ({ $ref: "#" })) } }, { minLength: 90 })],
  ["a thousand branches", object({ a: { anyOf: Array.from({ length: 1000 }, (_, at) => kind(`k${at}`, email)) } })],
])("a schema that refers to %s takes no time worth the name", (_, schema) => {
  const began = performance.now();
  listedAs(schema);
  const message = {
    result: { structuredContent: { a: Array.from({ length: 300 }, () => ({ type: "k9", value: MAIL })) } },
  };
  const { text, findings } = maskJson(JSON.stringify(message), rules, tag);
  expect(conform(text, findings, schema as never)).not.toContain("ada");
  expect(performance.now() - began).toBeLessThan(5000);
});

test("a member that is there twice, once as an object, is no error", () => {
  const source = `{"result":{"structuredContent":{"a":{"v":"${MAIL}"},"a":"x"}}}`;
  const { text, findings } = maskJson(source, rules, tag);
  expect(conform(text, findings, object({ a: {} }) as never)).toContain("[EMAIL_ADDRESS]");
});
