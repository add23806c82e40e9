import { describe, expect, test } from "vitest";
import { REFUSED_MESSAGE, type Refusal } from "../../lambdas/domain/identity/refusal.ts";
import { type AccessLine, refusedLine } from "../../lambdas/refusals/refused-line.ts";

const refusal: Refusal = {
  fault: "expired",
  issuer: "company",
  bytes: 812,
  sha256: "ab12",
  requestId: "r1",
  ip: "192.0.2.1",
  userAgent: "curl",
  method: "POST",
  path: "/mcp/ops",
};
const access: AccessLine = {
  status: "401",
  requestId: "r2",
  ip: "192.0.2.2",
  httpMethod: "GET",
  resourcePath: "/mcp/ops",
  responseType: "UNAUTHORIZED",
  authorizerLatency: "-",
  integrationStatus: "-",
};
const whyOf = (line: object) => {
  const told = refusedLine(JSON.stringify(line));
  return typeof told === "object" ? told.why : told;
};
const ofToken = (change: Partial<Refusal>) =>
  whyOf({ level: "WARN", message: REFUSED_MESSAGE, refusal: { ...refusal, ...change } });
const ofAccess = (change: Partial<AccessLine>) => whyOf({ ...access, ...change });

describe("a line of the authorizer's log", () => {
  test("says what was refused and where it came from", () => {
    const { fault: _f, issuer: _i, bytes: _b, sha256: _s, ...from } = refusal;
    expect(refusedLine(JSON.stringify({ message: REFUSED_MESSAGE, refusal }))).toEqual({
      ...from,
      why: "expired (token of 812 bytes, of company by its own word, SHA-256 ab12)",
    });
  });

  test("says why a token that is too long is", () => {
    expect(ofToken({ fault: "oversize", issuer: null, bytes: 9000, why: "the token is 9000 bytes long" })).toBe(
      "oversize: the token is 9000 bytes long (token of 9000 bytes, SHA-256 ab12)",
    );
  });

  test("says why a genuine token names nobody", () => {
    expect(ofToken({ fault: "unusable", issuer: null, why: "too many groups" })).toBe(
      "unusable: too many groups (token of 812 bytes, SHA-256 ab12)",
    );
  });
});

describe("a line of the access log", () => {
  test.each<[string, Partial<AccessLine>, string]>([
    ["a request without a token", {}, "no token"],
    [
      "a denial that API Gateway remembered",
      { status: "403", responseType: "ACCESS_DENIED" },
      "a token that was denied before",
    ],
    ["the firewall", { status: "403", responseType: "WAF_FILTERED" }, "the firewall"],
    ["another refusal of the API", { status: "403", responseType: "EXPIRED_TOKEN" }, "refused by the API (403)"],
    [
      "the gateway's own refusal of what had been let through",
      { integrationStatus: "200", authorizerLatency: "1", responseType: "-" },
      "the token had expired since it was verified, or is meant for another audience",
    ],
  ])("%s is told", (_, change, why) => {
    expect(ofAccess(change)).toBe(why);
  });

  test.each<[string, Partial<AccessLine>]>([
    [
      "what the approvers' API refused, and recorded itself",
      { status: "403", resourcePath: "/me", integrationStatus: "200" },
    ],
    [
      "what the gateway refused for its origin, and recorded itself",
      { status: "403", integrationStatus: "200", authorizerLatency: "1", responseType: "-" },
    ],
  ])("%s counts, and is not told again", (_, change) => {
    expect(ofAccess(change)).toBe("recorded");
  });

  test.each<[string, Partial<AccessLine>]>([
    ["what the authorizer refused, and told of itself", { authorizerLatency: "12" }],
    ["what went well", { status: "200" }],
    ["another failure", { status: "404" }],
  ])("%s tells of nothing", (_, change) => {
    expect(ofAccess(change)).toBeUndefined();
  });
});

test.each([
  "",
  "START RequestId: 1",
  "null",
  "[]",
  "7",
  '"text"',
  '{"message":"a token was refused"}',
  '{"status":401}',
])("the line %j tells of nothing", (line) => {
  expect(refusedLine(line)).toBeUndefined();
});
