import fc from "fast-check";
import { expect, test } from "vitest";
import { forwardedHeaders } from "../../../lambdas/domain/upstream/forwarded-headers.ts";

const KEPT = ["mcp-protocol-version", "mcp-method", "mcp-name"];
const MODERN = { era: "modern", kind: "request", method: "tools/call" } as const;
const LEGACY = { era: "legacy", kind: "request", method: "tools/call" } as const;
const OWN = { "content-type": "application/json", accept: "application/json, text/event-stream" };

test("MCP's own headers go to the server, and nothing of the client's", () => {
  const headers = {
    authorization: "Bearer secret",
    cookie: "a=b",
    "proxy-authorization": "Basic x",
    "mcp-session-id": "sealed",
    "x-forwarded-for": "10.0.0.1",
    host: "gateway",
    "mcp-method": "ping",
    "mcp-param-region": "eu",
  };
  expect(forwardedHeaders(headers, undefined, MODERN)).toEqual({
    "mcp-method": "ping",
    "mcp-param-region": "eu",
    ...OWN,
  });
});

test("the session is the server's own, never the sealed one", () => {
  const theirs = { id: "theirs", cookies: ["lb=1", "x=y"] };
  const sent = forwardedHeaders({ "mcp-session-id": "sealed", cookie: "mine=1" }, theirs, LEGACY);
  expect(sent).toMatchObject({ "mcp-session-id": "theirs", cookie: "lb=1; x=y" });
});

test("a stream is asked for as one, and what has no body names no type", () => {
  const sent = forwardedHeaders({}, undefined, { era: "legacy", kind: "listen", method: "GET" });
  expect(sent).toEqual({ accept: "text/event-stream" });
});

test("no other header passes, whatever its name", () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom("authorization", "cookie", "content-type", "accept", "mcp-paramx", ...KEPT),
  );
  fc.assert(
    fc.property(fc.dictionary(name, fc.string()), (headers) => {
      const sent = forwardedHeaders(headers, undefined, MODERN);
      expect(sent).toMatchObject(OWN);
      for (const key of Object.keys(sent))
        expect(key in OWN || KEPT.includes(key) || key.startsWith("mcp-param-")).toBe(true);
    }),
  );
});

test("a legacy message takes no routing headers along: nobody compared them with it", () => {
  const headers = {
    "mcp-protocol-version": "2025-11-25",
    "mcp-method": "ping",
    "mcp-name": "x",
    "mcp-param-region": "eu",
  };
  expect(forwardedHeaders(headers, undefined, LEGACY)).toEqual({ "mcp-protocol-version": "2025-11-25", ...OWN });
});

test("a name that means nothing for the method stays here: nobody compared it", () => {
  const headers = { "mcp-method": "ping", "mcp-name": "x" };
  expect(forwardedHeaders(headers, undefined, { ...MODERN, method: "ping" })).not.toHaveProperty("mcp-name");
  expect(forwardedHeaders(headers, undefined, MODERN)).toMatchObject({ "mcp-name": "x" });
});
