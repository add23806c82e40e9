import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installAwsLambda, type LambdaResponseStream } from "../../local/api/response-stream.ts";
import { type Front, startFront } from "../../local/front.ts";
import type { GatewayResponse } from "../../local/routes.ts";

const route = (resource: string, method: string, service: string, authorized: boolean, streaming = false) => ({
  resource,
  method,
  service,
  authorized,
  streaming,
});
const API = {
  stage: "live",
  routes: [
    route("/mcp/ops", "ANY", "gateway", true, true),
    route("/mcp/pushing", "ANY", "gateway", true, true),
    route("/mcp/pushing", "GET", "listener", true, true),
    route("/mcp/{proxy+}", "ANY", "gateway", true, true),
    route("/approvals/{id}", "GET", "approvals", true),
    route("/console/{proxy+}", "GET", "site", false),
    route("/crash", "GET", "crash", false),
  ],
  gatewayResponses: new Map<string, GatewayResponse>([
    [
      "UNAUTHORIZED",
      { statusCode: 401, headers: { "WWW-Authenticate": 'Bearer resource_metadata="x"' }, body: '{"message":"no"}' },
    ],
    [
      "ACCESS_DENIED",
      { statusCode: 403, headers: {}, body: '{"why":"$context.authorizer.why$context.authorizer.more"}' },
    ],
  ]),
};

let front: Front;
const authorizerCalls: APIGatewayRequestAuthorizerEvent[] = [];
const events: APIGatewayProxyEvent[] = [];
const listened: APIGatewayProxyEvent[] = [];
let stream: (out: LambdaResponseStream, begin: (head: object) => LambdaResponseStream) => Promise<void>;

beforeAll(async () => {
  installAwsLambda();
  front = await startFront();
  const { awslambda } = globalThis as unknown as {
    awslambda: { HttpResponseStream: { from(s: LambdaResponseStream, head: object): LambdaResponseStream } };
  };
  front.serve(API, {
    authorizer: async (event) => {
      authorizerCalls.push(event);
      const token = event.headers?.authorization ?? "";
      if (token === "Bearer bad") throw new Error("Unauthorized");
      if (token === "Bearer broken") throw new Error("anything else");
      const Effect = token === "Bearer denied" ? "Deny" : "Allow";
      const Resource = event.methodArn.split("/").slice(0, 2).join("/").concat("/*");
      return {
        principalId: "dana",
        policyDocument: { Version: "2012-10-17", Statement: [{ Effect, Action: "execute-api:Invoke", Resource }] },
        context: Effect === "Deny" ? { why: "too many groups" } : { exp: 1234, principal: "{}" },
      };
    },
    buffered: {
      approvals: async (event) => {
        events.push(event);
        return {
          statusCode: 201,
          headers: { "WWW-Authenticate": "Bearer", "X-Own": "1" },
          body: Buffer.from("bytes").toString("base64"),
          isBase64Encoded: true,
        };
      },
      site: async (event) => ({ statusCode: 200, body: JSON.stringify(event.pathParameters) }),
      crash: async () => {
        throw new Error("boom");
      },
    },
    streaming: {
      gateway: async (event, out) => {
        events.push(event);
        await stream(out, (head) => awslambda.HttpResponseStream.from(out, head));
      },
      listener: async (event, out) => {
        listened.push(event);
        out.end(": open\n\n");
      },
    },
  });
});
afterAll(() => front.stop());

const get = (path: string, token = "good", init: RequestInit = {}) =>
  fetch(`${front.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

describe("authorization", () => {
  test("no token: the gateway response, and the authorizer is not asked", async () => {
    const before = authorizerCalls.length;
    const answer = await fetch(`${front.url}/approvals/7`);
    expect([answer.status, answer.headers.get("www-authenticate"), await answer.text()]).toEqual([
      401,
      'Bearer resource_metadata="x"',
      '{"message":"no"}',
    ]);
    expect(authorizerCalls).toHaveLength(before);
  });

  test.each([
    ["bad", 401],
    ["denied", 403],
    ["broken", 500],
  ])("a token that is %s: %i", async (token, status) => {
    expect((await get("/approvals/7", token)).status).toBe(status);
  });
});

test("what the authorizer says of a denial stands in the gateway response", async () => {
  expect(await (await get("/approvals/7", "denied")).json()).toEqual({ why: "too many groups" });
});

test("the event is API Gateway's", async () => {
  stream = async (out) => void out.end("{}");
  await get("/mcp/ops?a=1&a=2&b=x%20y", "good", { method: "POST", body: "héllo", headers: { "X-Own": "v" } });
  const event = events.at(-1);
  expect(event).toMatchObject({
    resource: "/mcp/ops",
    path: "/mcp/ops",
    httpMethod: "POST",
    queryStringParameters: { a: "2", b: "x y" },
    multiValueQueryStringParameters: { a: ["1", "2"], b: ["x y"] },
    pathParameters: null,
    stageVariables: null,
    isBase64Encoded: true,
    body: Buffer.from("héllo").toString("base64"),
    requestContext: {
      stage: "live",
      path: "/mcp/ops",
      authorizer: { exp: "1234", principal: "{}", principalId: "dana" },
      identity: { sourceIp: "127.0.0.1" },
    },
  });
  expect(event?.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(authorizerCalls.at(-1)).not.toHaveProperty("body");
});

test("a fixed part wins over a parameter, and greedy parameters take the rest", async () => {
  stream = async (out) => void out.end("x");
  await get("/mcp/unknown/deep");
  expect(events.at(-1)).toMatchObject({ resource: "/mcp/{proxy+}", pathParameters: { proxy: "unknown/deep" } });
  expect(await (await fetch(`${front.url}/console/a/b.js`)).json()).toEqual({ proxy: "a/b.js" });
});

test("a parameter stays URL-encoded, as a REST API hands it on, and an encoded slash parts nothing", async () => {
  const id = encodeURIComponent("https://login.example.com|dana");
  await get(`/approvals/${id}`);
  expect(events.at(-1)).toMatchObject({ resource: "/approvals/{id}", pathParameters: { id } });
});

test("a GET of a server that pushes goes to the listener, with the caller's authorization; all else to the gateway", async () => {
  stream = async (out) => void out.end("{}");
  expect(await (await get("/mcp/pushing")).text()).toBe(": open\n\n");
  expect(listened.at(-1)).toMatchObject({
    httpMethod: "GET",
    path: "/mcp/pushing",
    requestContext: { authorizer: { principalId: "dana" } },
  });
  for (const [method, path] of [
    ["POST", "/mcp/pushing"],
    ["DELETE", "/mcp/pushing"],
    ["GET", "/mcp/ops"],
    ["GET", "/mcp/unknown"],
  ] as const) {
    await get(path, "good", { method });
    expect(events.at(-1)).toMatchObject({ httpMethod: method, path });
  }
  expect(listened).toHaveLength(1);
  expect((await fetch(`${front.url}/mcp/pushing`)).status).toBe(401);
});

test("a buffered answer: bytes decoded, WWW-Authenticate renamed", async () => {
  const answer = await get("/approvals/7");
  expect([answer.status, await answer.text(), answer.headers.get("x-own")]).toEqual([201, "bytes", "1"]);
  expect(answer.headers.get("www-authenticate")).toBeNull();
  expect(answer.headers.get("x-amzn-remapped-www-authenticate")).toBe("Bearer");
});

test("unknown path and method 403, crash 502, a body over 10 MB 413", async () => {
  const answer = await fetch(`${front.url}/nowhere`);
  expect([answer.status, await answer.json()]).toEqual([403, { message: "Missing Authentication Token" }]);
  expect((await get("/approvals/7", "good", { method: "DELETE" })).status).toBe(403);
  const crash = await fetch(`${front.url}/crash`);
  expect([crash.status, await crash.json()]).toEqual([502, { message: "Internal server error" }]);
  expect((await get("/mcp/ops", "good", { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(
    413,
  );
});

test("chunks arrive as they are written, after the prelude", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  stream = async (_out, begin) => {
    const out = begin({ statusCode: 202, headers: { "content-type": "text/event-stream" } });
    out.write("first");
    await held;
    out.end("second");
  };
  const answer = await get("/mcp/ops");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([202, "text/event-stream"]);
  const reader = answer.body?.getReader();
  const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await read()).toBe("first");
  release();
  expect(await read()).toBe("second");
});

test.each([["with a text", "gone"] as const, ["without one", undefined] as const])(
  "a head goes out with the first write, as in Lambda: an end %s leaves it out, and the answer is malformed",
  async (_how, text) => {
    stream = async (_out, begin) => void begin({ statusCode: 404, headers: { "x-own": "1" } }).end(text);
    const answer = await get("/mcp/ops");
    expect([answer.status, await answer.json()]).toEqual([502, { message: "Internal server error" }]);
    expect(answer.headers.get("x-own")).toBeNull();
  },
);

test("a head goes out with a write of nothing", async () => {
  stream = async (_out, begin) => {
    const out = begin({ statusCode: 404, headers: { "x-own": "1" } });
    out.write("");
    out.end();
  };
  const answer = await get("/mcp/ops");
  expect([answer.status, answer.headers.get("x-own"), await answer.text()]).toEqual([404, "1", ""]);
});

test("the handler does not notice a client that leaves: its writes go on to the end", async () => {
  let finished: (outcome: string) => void = () => {};
  const outcome = new Promise<string>((resolve) => {
    finished = resolve;
  });
  let gone: Promise<unknown> = Promise.resolve();
  stream = async (_out, begin) => {
    const out = begin({ statusCode: 200 });
    out.on("error", (cause) => finished(`error ${cause.message}`));
    out.write("first");
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let at = 0; at < 20; at++) await new Promise((resolve) => out.write(Buffer.alloc(100_000), resolve));
    out.end();
    await once(out, "finish");
    finished("finished");
  };
  const client = httpRequest(`${front.url}/mcp/ops`, { headers: { authorization: "Bearer good" } });
  client.on("error", () => undefined).end();
  gone = once(client, "response").then(() => client.destroy());
  expect(await outcome).toBe("finished");
});
