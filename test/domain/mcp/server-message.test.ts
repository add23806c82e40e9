import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasOneReading } from "../../../lambdas/domain/mcp/one-reading.ts";
import { embeddedRequests, readServerMessage } from "../../../lambdas/domain/mcp/server-message.ts";

const rpc = (members: string) => `{"jsonrpc":"2.0",${members}}`;

describe("readServerMessage", () => {
  test.each([
    '"method":"notifications/message","params":{}',
    '"method":"notifications/message","params":null',
    '"method":"notifications/message"',
    '"id":"a","method":"ping"',
    '"id":0,"method":"ping"',
    '"id":null,"method":"notifications/message"',
    '"id":1,"result":{}',
    '"id":null,"error":{"code":-32600,"message":"x"}',
    '"error":{"code":-32600,"message":"x"}',
  ])("reads %s", (members) => {
    expect(readServerMessage(rpc(members))).toEqual(JSON.parse(rpc(members)));
  });

  test.each([
    '"id":{"a":1},"method":"sampling/createMessage"',
    '"id":[1],"method":"ping"',
    '"id":1.5,"method":"ping"',
    '"id":true,"result":{}',
    '"id":1,"method":7',
    '"id":1,"method":"sampling/createMessage","params":[]',
    '"id":1,"method":"sampling/createMessage","params":"x"',
    '"id":1,"method":"ping","result":{}',
    '"id":1',
  ])("takes %s for no message", (members) => {
    expect(readServerMessage(rpc(members))).toBeUndefined();
  });
});

describe("embeddedRequests", () => {
  const embedded = (members: string) => embeddedRequests(JSON.parse(rpc(members)));

  test.each([
    ['"result":{"inputRequests":{"a":{"method":"roots/list"}}}', [{ method: "roots/list", params: {} }]],
    ['"result":{"inputRequests":{"a":{"method":"m","params":null}}}', [{ method: "m", params: {} }]],
    ['"params":{"inputRequests":{"a":{"method":"m","params":{"x":1}}}}', [{ method: "m", params: { x: 1 } }]],
    ['"error":{"code":-32042,"data":{"u":1}}', [{ method: "elicitation/create", params: { u: 1 } }]],
    ['"error":{"code":"-32042","data":{"u":1}}', [{ method: "elicitation/create", params: { u: 1 } }]],
    ['"error":{"code":-32041}', []],
    ['"result":{"content":[]}', []],
  ])("of %s are %j", (members, requests) => {
    expect(embedded(members)).toEqual(requests);
  });

  test.each([
    '"result":{"inputRequests":[]}',
    '"result":{"inputRequests":{"a":7}}',
    '"result":{"inputRequests":{"a":{"method":"m","params":["x"]}}}',
  ])("of %s cannot be read", (members) => {
    expect(embedded(members)).toBeUndefined();
  });
});

describe("hasOneReading", () => {
  const one = (members: string) => hasOneReading(rpc(members), JSON.parse(rpc(members)));
  const evil = '{"a":{"method":"sampling/createMessage"}}';

  test.each([
    '"id":1,"result":{},"Result":{"tools":[]}',
    '"id":1,"result":{},"re\u017fult":{"tools":[]}',
    '"id":1,"ID":2,"result":{}',
    `"id":1,"result":{"InputRequests":${evil}}`,
    `"id":1,"result":{"input_requests":${evil}}`,
    `"id":1,"result":{"input-Requests":${evil}}`,
    `"id":1,"result":{"\u0130nputRequests":${evil}}`,
    `"id":1,"result":{"inputRequests":{},"inputReque\u017ft\u017f":${evil}}`,
    '"id":1,"result":{"inputRequests":{"a":{"method":"roots/list","Method":"sampling/createMessage"}}}',
    '"id":1,"result":{"inputRequests":{"a":{"method":"roots/list","Params":{}}}}',
    '"id":1,"result":{"Cache_Scope":"public"}',
    '"id":1,"error":{"code":1,"Code":-32042,"data":{}}',
    '"id":1,"error":{"code":-32042,"data":{},"DATA":{}}',
    `"method":"notifications/tasks","params":{"inputrequests":${evil}}`,
    '"method":"notifications/resources/updated","params":{"uri":"file:///a","URI":"file:///b"}',
    '"id":1,"method":"sampling/createMessage","Params":{}',
  ])("is not so where a member is spelled like one that is read: %s", (members) => {
    expect(one(members)).toBe(false);
  });

  test("is not so in any case, and with any dashes and underscores", () => {
    const disguised = fc.tuple(
      fc.constantFrom("jsonrpc", "id", "method", "params", "result", "error", "inputRequests", "cacheScope"),
      fc.infiniteStream(fc.constantFrom("", "_", "-", "upper", "lower")),
    );
    fc.assert(
      fc.property(disguised, ([name, changes]) => {
        const letters = [...name].map((letter, at) => {
          const change = changes.next().value;
          if (change === "upper") return letter.toUpperCase();
          return change === "lower" ? letter.toLowerCase() : `${at === 0 ? "" : change}${letter}`;
        });
        const member = letters.join("");
        fc.pre(member !== name);
        const inside = name === "inputRequests" || name === "cacheScope";
        const json = {
          jsonrpc: "2.0",
          id: 1,
          result: { ...(inside ? { [member]: 1 } : {}) },
          ...(inside ? {} : { [member]: 1 }),
        };
        expect(hasOneReading(JSON.stringify(json), json)).toBe(false);
      }),
    );
  });

  test.each([
    `"id":1,"result":{"inputRequests":${evil}},"result":{}`,
    `"id":1,"result":{"inputRequests":${evil},"inputRequests":{}}`,
    `"id":1,"result":{"inputReque\\u0073ts":${evil}},"result":{}`,
    `"id":1,"result":{"INPUT_REQUESTS":${evil}},"result":{}`,
    '"id":1,"result":{"inputRequests":{"a":{"method":"sampling/createMessage","method":"roots/list"}}}',
    '"id":1,"result":{"cacheScope":"public","cacheScope":"private"}',
    '"id":1,"error":{"code":-3.2042e4,"data":{}},"error":{"code":1}',
    '"id":1,"method":"sampling/createMessage","method":"ping"',
    '"id":1,"method":"x","params":{"deep":[{"a":1,"a":2}]}',
  ])("is not so where one is there twice: %s", (members) => {
    expect(one(members)).toBe(false);
  });

  test.each([
    '"id":1,"result":{"content":[],"structuredContent":{"Result":1,"Tools":[],"InputRequests":{}}}',
    '"id":1,"result":{"content":[],"_meta":{"Method":1,"input_requests":{}}}',
    '"id":1,"result":{"content":[{"text":"requests \\u00e9"}],"structuredContent":{"a":1,"a":2}}',
    '"id":1,"result":{"content":[],"is_error":false,"URI":"x","Params":{},"meta":{}}',
    '"id":1,"result":{"inputRequests":{"METHOD":{"method":"elicitation/create","params":{"Method":1,"uri":1,"Uri":2}}}}',
    '"id":1,"error":{"code":1,"message":"x","data":{"Code":1,"code":2}}',
    '"method":"notifications/message","params":{"data":{"Uri":1,"URI":2,"Method":3}}',
    '"method":"notifications/acme","params":{"URI":"file:///a"}',
    '"method":"notifications/resources/updated","params":{"uri":"file:///a"}',
  ])("leaves to a server how it spells its own: %s", (members) => {
    expect(one(members)).toBe(true);
  });
});
