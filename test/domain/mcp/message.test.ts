import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHeaders } from "../../../lambdas/domain/mcp/headers.ts";
import { readClientMessage } from "../../../lambdas/domain/mcp/message.ts";
import { ProtocolRefusal } from "../../../lambdas/domain/mcp/refusal.ts";
import { subjectsOf, targetOf } from "../../../lambdas/domain/mcp/target.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readClientMessage(bytes(text));
const request = (method: string, params?: unknown, id: unknown = 1) =>
  read(JSON.stringify({ jsonrpc: "2.0", id, method, params }));

/** The refusal of something, or undefined; any other error is a failure. */
function refusal(act: () => unknown): ProtocolRefusal | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolRefusal) return error;
    throw error;
  }
}

const VERSION = "io.modelcontextprotocol/protocolVersion";
const modern = { _meta: { [VERSION]: "2026-07-28" } };

describe("readClientMessage", () => {
  test.each([
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}', { kind: "request", era: "legacy", id: 1, method: "ping", params: {} }],
    ['{"jsonrpc":"2.0","id":"","method":"ping"}', { kind: "request", id: "" }],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}', { kind: "notification", id: null }],
    ['{"jsonrpc":"2.0","id":7,"result":{}}', { kind: "response", id: 7, method: "" }],
    ['{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"x"}}', { kind: "response" }],
    [JSON.stringify({ jsonrpc: "2.0", id: 1, method: "x", params: modern }), { era: "modern" }],
    [' {"jsonrpc" : "2.0", "id":1,"method":"ping"}\n', { kind: "request" }],
  ])("reads %s", (text, expected) => {
    expect(read(text)).toMatchObject({ ...expected, text });
  });

  test.each([
    ["", -32700, null],
    ["nonsense", -32700, null],
    ['\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}', -32700, null],
    ['{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}', -32700, null],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"a"}', -32700, null],
    [`{"jsonrpc":"2.0","id":1,"method":"a","params":${'{"a":'.repeat(70)}1${"}".repeat(70)}}`, -32700, null],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, null],
    ["[]", -32600, null],
    ["null", -32600, null],
    ['"text"', -32600, null],
    ['{"id":1,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600, null],
    ['{"__proto__":{"jsonrpc":"2.0"},"id":1,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600, 1],
    ['{"jsonrpc":"2.0","id":1,"method":""}', -32600, 1],
    ['{"jsonrpc":"2.0","id":1}', -32600, 1],
    ['{"jsonrpc":"2.0","result":{}}', -32600, null],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', -32600, 1],
    ['{"jsonrpc":"2.0","id":1,"method":"a","params":[]}', -32602, 1],
    ['{"jsonrpc":"2.0","id":1,"method":"a","params":null}', -32602, 1],
  ])("refuses %s with %i", (text, code, id) => {
    expect(refusal(() => read(text))).toMatchObject({ status: 400, code, id });
  });

  test.each([
    ["tools/call", { name: "t", request_state: "theirs" }],
    ["tools/call", { name: "t", Arguments: {} }],
    ["tools/call", { name: "t", "input-responses": {} }],
    ["resources/read", { uri: "file:///a", "ur\u0131": "file:///b" }],
    ["subscriptions/listen", { notifications: { resource_subscriptions: ["file:///b"] } }],
  ])("refuses %s with %j, which some servers read otherwise", (method, params) => {
    expect(refusal(() => request(method, params))).toMatchObject({ code: -32600, id: 1 });
  });

  test("leaves members that are nobody's but the caller's own as they are", () => {
    const params = {
      name: "t",
      arguments: { Name: 1, request_state: 2 },
      meta: {},
      max_tokens: 3,
      names: [],
    };
    expect(request("tools/call", params).params).toEqual(params);
  });

  test("refuses bytes that are not UTF-8", () => {
    const text = bytes('{"jsonrpc":"2.0","id":1,"method":"x"}');
    text[34] = 0xff;
    expect(refusal(() => readClientMessage(text))?.code).toBe(-32700);
  });

  test("never throws anything but a refusal, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => void refusal(() => readClientMessage(body))));
  });

  test("never throws anything but a refusal, whatever the JSON, and neither do the steps that follow", () => {
    const name = fc.constantFrom(
      "jsonrpc",
      "id",
      "method",
      "params",
      "result",
      "error",
      "_meta",
      "name",
      "uri",
      VERSION,
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom<unknown>(
          "2.0",
          "tools/call",
          "resources/read",
          "constructor",
          "__proto__",
          "toString",
          "",
          null,
          0,
          -1,
          1e300,
          true,
        ),
        fc.string({ unit: "binary" }),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(name, fc.string()), tie("any"), { maxKeys: 6 }),
      ),
    })).any;
    const message = fc.record(
      { jsonrpc: fc.constant("2.0"), id: value, method: value, params: value, result: value },
      { requiredKeys: ["jsonrpc"] },
    );
    fc.assert(
      fc.property(fc.oneof(message, value), (json) => {
        const text = JSON.stringify(json);
        refusal(() => {
          const read = readClientMessage(bytes(text));
          expect(read.text).toBe(text);
          checkHeaders(read, {});
          subjectsOf("ops", read);
        });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("targetOf", () => {
  test.each([
    ["tools/call", { name: "echo" }, "echo", "tool"],
    ["prompts/get", { name: "p" }, "p", "prompt"],
    ["resources/read", { uri: "file:///a" }, "file:///a", "resource"],
    ["resources/subscribe", { uri: "file:///a" }, "file:///a", "resource"],
    ["tools/list", { name: "ignored" }, "", "server"],
    ["ping", undefined, "", "server"],
    ["constructor", undefined, "", "server"],
    ["__proto__", undefined, "", "server"],
  ])("%s of %j is %j", (method, params, target, kind) => {
    const message = request(method, params);
    expect(targetOf(message)).toBe(target);
    expect(subjectsOf("ops", message)[0].kind).toBe(kind);
  });

  test.each([
    ["tools/call", {}],
    ["tools/call", { name: "" }],
    ["tools/call", { name: ["echo"] }],
    ["tools/call", { uri: "echo" }],
    ["resources/read", { name: "x" }],
    ["prompts/get", undefined],
  ])("%s with %j names nothing and is refused", (method, params) => {
    expect(refusal(() => targetOf(request(method, params)))).toMatchObject({ code: -32602, id: 1 });
  });
});

describe("checkHeaders", () => {
  const call = request("tools/call", { ...modern, name: "écho" });
  const good = {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": `=?base64?${Buffer.from("écho").toString("base64")}?=`,
  };

  test("accepts headers that say what the body says", () => {
    expect(refusal(() => checkHeaders(call, good))).toBeUndefined();
    const plain = request("tools/call", { ...modern, name: "echo" });
    expect(refusal(() => checkHeaders(plain, { ...good, "mcp-name": " echo\t" }))).toBeUndefined();
  });

  test.each([
    ["a name outside ASCII that is not encoded", { "mcp-name": "écho" }],
    ["no version", { "mcp-protocol-version": undefined }],
    ["another version", { "mcp-protocol-version": "2025-11-25" }],
    ["no method", { "mcp-method": undefined }],
    ["another method", { "mcp-method": "tools/list" }],
    ["two methods", { "mcp-method": "tools/call, tools/list" }],
    ["no name", { "mcp-name": undefined }],
    ["another name", { "mcp-name": "echo" }],
    ["an encoding that is broken", { "mcp-name": "=?base64?***?=" }],
  ])("refuses %s", (_, changed) => {
    expect(refusal(() => checkHeaders(call, { ...good, ...changed }))).toMatchObject({
      status: 400,
      code: -32020,
      id: 1,
    });
  });

  test("a version in the body that is no text fits no header", () => {
    const odd = request("ping", { _meta: { [VERSION]: null } });
    expect(refusal(() => checkHeaders(odd, {}))?.code).toBe(-32020);
  });

  test("a legacy message may not claim the modern revision", () => {
    const legacy = request("tools/call", { name: "x" });
    expect(refusal(() => checkHeaders(legacy, { "mcp-protocol-version": "2026-07-28" }))?.code).toBe(-32602);
    expect(refusal(() => checkHeaders(legacy, { "mcp-protocol-version": "2025-11-25" }))).toBeUndefined();
    expect(refusal(() => checkHeaders(legacy, {}))).toBeUndefined();
  });
});
