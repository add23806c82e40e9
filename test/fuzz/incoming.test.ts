import type { APIGatewayProxyEvent } from "aws-lambda";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../../lambdas/domain/json/canonical.ts";
import { incomingOf } from "../../lambdas/gateway/incoming.ts";
import { runs } from "./support/runs.ts";

const headerName = fc.oneof(
  fc.constantFrom(
    "User-Agent",
    "user-agent",
    "Mcp-Name",
    "MCP-NAME",
    "mcp-method",
    "Host",
    "__proto__",
    "constructor",
    "toString",
  ),
  fc.string({ maxLength: 8 }),
);
const headerValue = fc.option(fc.string({ unit: "binary", maxLength: 12 }), { nil: undefined });
const headerMap = fc.option(
  // Pairs, so that `__proto__` is a member like any other.
  fc.array(fc.tuple(headerName, headerValue), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs)),
  { nil: null },
);

/** API Gateway's proxy event with odd contents in every place that a client can reach. */
const proxyEvent = fc
  .record({
    path: fc.oneof(
      fc.constantFrom("/mcp/ops", "/mcp/", "/mcp", "/mcp//ops", "/mcp/ops/../x", "/mcp/%6fps", "", "/", "/mcp/mcp/ops"),
      fc.string({ unit: "binary" }),
    ),
    httpMethod: fc.constantFrom("POST", "GET", "DELETE", "PATCH", "post", ""),
    headers: headerMap,
    body: fc.option(
      fc.oneof(fc.string({ unit: "binary" }), fc.base64String(), fc.constantFrom("====", "%%%", "A", "é")),
      { nil: null },
    ),
    isBase64Encoded: fc.boolean(),
  })
  .map(
    (event) =>
      ({
        ...event,
        multiValueHeaders: null,
        requestContext: {
          identity: { sourceIp: "127.0.0.1" },
          requestId: "r",
          stage: "live",
          domainName: "x",
          authorizer: null,
        },
      }) as unknown as APIGatewayProxyEvent,
  );

describe("incomingOf", () => {
  test("reads any event of API Gateway", () => {
    fc.assert(
      fc.property(proxyEvent, (event) => {
        const incoming = incomingOf(event);
        expect(incoming.body).toBeInstanceOf(Uint8Array);
        expect(incoming.method).toBe(event.httpMethod);
        expect(Object.getPrototypeOf(incoming.headers)).toBe(Object.prototype);
        for (const name of Object.keys(incoming.headers)) expect(name).toBe(name.toLowerCase());
      }),
      runs(1500),
    );
  });

  test("has of each header the value that came last", () => {
    fc.assert(
      fc.property(headerValue, headerValue, (first, last) => {
        const headers = { "Mcp-Name": first, "MCP-NAME": last };
        const event = { path: "/mcp/ops", httpMethod: "POST", headers, body: null, requestContext: { identity: {} } };
        expect(incomingOf(event as unknown as APIGatewayProxyEvent).headers["mcp-name"]).toBe(last);
      }),
      runs(100),
    );
  });

  test("gives the bytes that came, whether they are base64 or text", () => {
    fc.assert(
      fc.property(proxyEvent, fc.uint8Array({ maxLength: 40 }), (event, bytes) => {
        const encoded = { ...event, body: Buffer.from(bytes).toString("base64"), isBase64Encoded: true };
        expect(Buffer.from(incomingOf(encoded).body).equals(bytes)).toBe(true);
        const text = Buffer.from(bytes).toString("utf8");
        const plain = { ...event, body: text, isBase64Encoded: false };
        expect(Buffer.from(incomingOf(plain).body).toString("utf8")).toBe(text);
      }),
      runs(300),
    );
  });

  // A record that has no canonical form cannot be written, and what is not recorded is refused.
  test("tells where a request came from in a form that can be recorded", () => {
    const agent = fc
      .tuple(fc.integer({ min: 250, max: 258 }), fc.constantFrom("😀", "名", "é"))
      .map(([length, end]) => "x".repeat(length) + end);
    fc.assert(
      fc.property(fc.oneof(agent, fc.string({ unit: "grapheme" })), proxyEvent, (userAgent, event) => {
        const { source } = incomingOf({ ...event, headers: { "User-Agent": userAgent } });
        expect(source.userAgent.length).toBeLessThanOrEqual(256);
        expect(() => canonical(source)).not.toThrow();
      }),
      runs(300),
    );
  });
});
