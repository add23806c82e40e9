import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lambdas/domain/mcp/message.ts";
import { readClientMessage } from "../../../lambdas/domain/mcp/message.ts";
import { withRequestState } from "../../../lambdas/domain/mcp/request-state.ts";
import { resultOf } from "../../../lambdas/domain/mcp/result-of.ts";
import { isListInDisguise, visibleList, withPrivateCache } from "../../../lambdas/domain/mcp/visible-list.ts";

describe("visibleList", () => {
  const seen = (method: string, text: string, hidden: readonly string[] = [], id = 1) =>
    visibleList(method, text, JSON.parse(text) as JsonObject, { server: "ops", id }, (subject) =>
      subject.kind === "resource" ? !hidden.includes(subject.uri) : "name" in subject && !hidden.includes(subject.name),
    );
  const show = (...args: Parameters<typeof seen>) => seen(...args).text;
  const tools = '{ "jsonrpc":"2.0", "id":1, "result":{"tools":[{"name":"a","n":1.0},{"name":"b"}],"nextCursor":"c"} }';

  test("leaves the text byte for byte where nothing is hidden", () => {
    expect(show("tools/list", tools)).toBe(tools);
  });

  test("leaves out what is hidden and keeps the rest", () => {
    expect(JSON.parse(show("tools/list", tools, ["b"]))).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: { tools: [{ name: "a", n: 1 }], nextCursor: "c" },
    });
  });

  test.each([
    ["resources/list", "resources", "uri"],
    ["resources/templates/list", "resourceTemplates", "uriTemplate"],
    ["prompts/list", "prompts", "name"],
  ])("%s hides by %s.%s", (method, key, name) => {
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { [key]: [{ [name]: "x" }, { [name]: "y" }] } });
    expect(JSON.parse(show(method, text, ["x"])).result[key]).toEqual([{ [name]: "y" }]);
  });

  test("an item that cannot be named cannot be shown", () => {
    const text = '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":7},null,"a",{"name":"a"}]}}';
    expect(JSON.parse(show("tools/list", text)).result.tools).toEqual([{ name: "a" }]);
  });

  test.each([
    ["tools/list", "tools", "name", ["Name", "NAME", "Description", "input_schema"]],
    ["prompts/list", "prompts", "name", ["Name"]],
    ["resources/list", "resources", "uri", ["Uri", "ur\u0131"]],
    ["resources/templates/list", "resourceTemplates", "uriTemplate", ["uri_template", "URITemplate"]],
  ])("%s hides what some client may read as another item", (method, key, name, alike) => {
    const items = [
      { [name]: "fine", extra: { Name: "y" } },
      ...alike.map((member) => ({ [name]: "x", [member]: "y" })),
    ];
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { [key]: items } });
    expect(JSON.parse(show(method, text)).result[key]).toEqual([items[0]]);
    const alone = items.slice(1).map(({ [name]: _, ...item }) => item);
    expect(seen(method, JSON.stringify({ jsonrpc: "2.0", id: 1, result: { [key]: alone } })).text).toContain("[]");
  });

  test.each(["Tools", "PROMPTS", "re\u017fources", "resource_templates", "resource-Templates"])(
    "a result with %s is a list in disguise",
    (member) => {
      expect(isListInDisguise({ result: { tools: [], [member]: [] } })).toBe(true);
      expect(isListInDisguise({ result: { tools: [{ [member]: 1 }], _meta: { [member]: 1 } } })).toBe(false);
    },
  );

  test("a long list costs no more than its length", () => {
    const items = Array.from({ length: 200_000 }, (_, at) => ({ name: `t${at}` }));
    const text = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools: items } });
    const parsed = JSON.parse(text) as JsonObject;
    const began = process.threadCpuUsage().user;
    const list = visibleList(
      "tools/list",
      text,
      parsed,
      { server: "ops", id: 1 },
      (subject) => !("name" in subject && subject.name === "t199999"),
    );
    // To look up each item among all that are shown takes twice as long as this, and more.
    expect((process.threadCpuUsage().user - began) / 1000).toBeLessThan(2500);
    expect(list.text).toContain('"t199998"}]');
  });

  test("a list that depends on the caller is not for shared caches", () => {
    const text = '{"jsonrpc":"2.0","id":1, "result":{"tools":[{"name":"a"}],"cacheScope":"public"}}';
    expect(withPrivateCache(text, JSON.parse(text))).toBe(text.replace("public", "private"));
    const own = '{"jsonrpc":"2.0","id":1,"result":{"cacheScope":"private"}}';
    expect(withPrivateCache(own, JSON.parse(own))).toBe(own);
  });

  test("says where to go on only when all of a page is hidden", () => {
    expect(seen("tools/list", tools, ["a", "b"]).next).toBe("c");
    expect(seen("tools/list", tools, ["a"]).next).toBeUndefined();
    expect(seen("tools/list", tools.replace(',"nextCursor":"c"', ""), ["a", "b"]).next).toBeUndefined();
  });

  test("a page asked for under another id answers the client's own", () => {
    expect(show("tools/list", tools, [], 7)).toBe(tools.replace('"id":1', '"id":7'));
    expect(JSON.parse(show("tools/list", tools, ["a"], 7)).id).toBe(7);
  });

  test.each([
    ["another method", "tools/call", tools],
    ["an error", "tools/list", '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}'],
    ["a result without a list", "tools/list", '{"jsonrpc":"2.0","id":1,"result":{"tools":{}}}'],
    [
      "a method named as an object's own machinery",
      "constructor",
      '{"jsonrpc":"2.0","id":1,"result":{"undefined":[1]}}',
    ],
  ])("%s stays as it is", (_, method, text) => {
    expect(show(method, text, ["a", "b"])).toBe(text);
  });
});

describe("withRequestState", () => {
  const strip = (text: string) => withRequestState(readClientMessage(new TextEncoder().encode(text)), undefined);
  const wrap = (params: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;

  test.each([
    ['{"requestState":"s","name":"t"}', '{"name":"t"}'],
    ['{"name":"t","requestState":"s"}', '{"name":"t"}'],
    ['{"requestState":"s"}', "{}"],
    [
      '{"name":"t","arguments":{"requestState":"mine", "n":1.50}}',
      '{"name":"t","arguments":{"requestState":"mine", "n":1.50}}',
    ],
    [
      '{"name":"t","requestState":"s","arguments":{"requestState":1e2}}',
      '{"name":"t","arguments":{"requestState":1e2}}',
    ],
  ])("%s becomes %s", (before, after) => {
    expect(strip(wrap(before)).text).toBe(wrap(after));
    expect(strip(wrap(before)).params).toEqual(JSON.parse(after));
  });

  test("a message without params stays as it is", () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    expect(strip(text).text).toBe(text);
  });

  test("cuts one span out of any message, and means the same as the message without it", () => {
    const params = fc.dictionary(
      fc.constantFrom("name", "a", "b/c", "_meta", "arguments"),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(params, fc.nat(), fc.string(), fc.constantFrom(0, 1, 2), (others, at, state, indent) => {
        const entries = Object.entries(others);
        entries.splice(at % (entries.length + 1), 0, ["requestState", state]);
        const whole = { jsonrpc: "2.0", id: 1, method: "tools/call", params: Object.fromEntries(entries) };
        const text = JSON.stringify(whole, null, indent);
        const stripped = strip(text);
        expect(JSON.parse(stripped.text)).toEqual(JSON.parse(JSON.stringify({ ...whole, params: others })));
        let same = 0;
        while (same < stripped.text.length && stripped.text[same] === text[same]) same += 1;
        expect(text.endsWith(stripped.text.slice(same))).toBe(true);
      }),
    );
  });
});

describe("resultOf", () => {
  test.each([
    [
      '{"jsonrpc":"2.0","id":1,"result": { "a" : 1.0 , "b":[ ] } }',
      { kind: "result", text: '{ "a" : 1.0 , "b":[ ] }' },
    ],
    ['{"result":null}', { kind: "result", text: "null" }],
    ['{"error":{"code":-1,"message":"x"},"id":1}', { kind: "error", text: '{"code":-1,"message":"x"}' }],
    ['{"id":{"result":1}}', undefined],
    ["", undefined],
  ])("of %s is %j", (text, expected) => {
    expect(resultOf(text)).toEqual(expected);
  });

  test("is byte for byte what stood there", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 3), (result, indent) => {
        const source = JSON.stringify(result, null, indent);
        expect(resultOf(`{"id":1, "result" :${source} ,"jsonrpc":"2.0"}`)?.text).toBe(source);
      }),
    );
  });
});
