import { describe, expect, test } from "vitest";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { definedTool, saysDestructive } from "../../../lambdas/domain/mcp/definition.ts";
import type { ClientMessage } from "../../../lambdas/domain/mcp/message.ts";
import { checkParamHeaders } from "../../../lambdas/domain/mcp/param-headers.ts";

describe("the digest of a definition", () => {
  const tool = {
    name: "t",
    title: "T",
    description: "d",
    inputSchema: { type: "object" },
    outputSchema: {},
    annotations: {},
  };
  const digest = (entry: Json) => definedTool(entry)?.digest;

  test.each(Object.keys(tool))("changes with its %s", (member) => {
    expect(digest({ ...tool, [member]: "another" })).not.toBe(digest(tool));
  });

  test("is the same whatever the order of members, and whatever else the server adds", () => {
    expect(digest(Object.fromEntries(Object.entries(tool).reverse()))).toBe(digest(tool));
    expect(digest({ ...tool, _meta: { at: 1 }, icons: [] })).toBe(digest(tool));
  });

  test.each(["Description", "descr\u0131ption", "input_schema", "AnNotations"])(
    "changes with %s, which some client reads as one of them",
    (member) => {
      expect(digest({ ...tool, [member]: "another" })).not.toBe(digest(tool));
      expect(definedTool({ ...tool, [member]: "another" })?.definition).toHaveProperty([member], "another");
    },
  );

  test("is there for what has no canonical form", () => {
    const entry = { name: "t", description: "\ud800" };
    expect(digest(Object.fromEntries(Object.entries(entry).reverse()))).toBe(digest(entry));
    const beyond = JSON.parse('{"name":"t","inputSchema":{"maximum":1e999}}');
    expect(digest(beyond)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest({ name: "t", description: "\ud800" })).not.toBe(digest({ name: "t", description: "\udbff" }));
  });

  test.each([null, 7, [], {}, { name: 1 }, { name: "" }, { name: "\ud800" }, { name: "n".repeat(1025) }])(
    "is not there for %j, which is no tool that can be pinned",
    (entry) => {
      expect(definedTool(entry as Json)).toBeUndefined();
    },
  );

  test("only a plain yes says destructive", () => {
    const says = (annotations: Json) => saysDestructive({ annotations });
    expect([true, "true", 1, false, null].map((hint) => says({ destructiveHint: hint }))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(says({ readOnlyHint: true, destructiveHint: true })).toBe(true);
    expect(saysDestructive(undefined)).toBe(false);
  });
});

describe("a header that a tool's schema pairs with an argument", () => {
  const schema = {
    properties: {
      region: { type: "string", "x-mcp-header": "Region" },
      force: { type: "boolean", "x-mcp-header": "Force" },
      in: { properties: { size: { type: "integer", "x-mcp-header": "Size" } } },
      constructor: { type: "string", "x-mcp-header": "Made" },
    },
  };
  const check = (args: Json, headers: Record<string, string>, era: ClientMessage["era"] = "modern") =>
    checkParamHeaders(
      { kind: "request", era, text: "", id: 1, method: "tools/call", params: { arguments: args } },
      headers,
      schema,
    );

  test.each([
    ["says the same", { region: "eu" }, { "mcp-param-region": "eu" }],
    ["is encoded", { region: "München" }, { "mcp-param-region": "=?base64?TcO8bmNoZW4=?=" }],
    ["is a number written otherwise", { in: { size: 42 } }, { "mcp-param-size": "42.0" }],
    ["is a boolean", { force: false }, { "mcp-param-force": "false" }],
    ["is missing", { region: "eu" }, {}],
    ["is none of the schema's", { region: "eu" }, { "mcp-param-other": "x" }],
  ] as const)("passes when it %s", (_, args, headers) => {
    expect(() => check(args, headers)).not.toThrow();
  });

  test.each([
    ["says another value", { region: "eu", other: "us" }, { "mcp-param-region": "us" }],
    ["mirrors nothing", { other: "us" }, { "mcp-param-region": "us" }],
    ["is another number", { in: { size: 42 } }, { "mcp-param-size": "43" }],
    ["is blank beside a zero", { in: { size: 0 } }, { "mcp-param-size": " " }],
    ["is no proper base64", { region: "eu" }, { "mcp-param-region": "=?base64?%%?=" }],
    ["mirrors what every object seems to have", {}, { "mcp-param-made": "function Object() { [native code] }" }],
  ] as const)("is refused when it %s", (_, args, headers) => {
    expect(() => check(args, headers)).toThrow("that it mirrors");
  });

  test("means nothing to clients of 2025", () => {
    expect(() => check({ region: "eu" }, { "mcp-param-region": "us" }, "legacy")).not.toThrow();
  });
});
