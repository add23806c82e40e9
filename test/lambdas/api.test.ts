import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { beforeEach, expect, test, vi } from "vitest";
import { jsonApi } from "../../lambdas/api/api.ts";
import { CountersignError, type ErrorCode } from "../../lambdas/domain/error.ts";

const counted: string[] = [];
const logged: object[] = [];
vi.mock("../../lambdas/operator-metrics.ts", () => ({
  operatorMetrics: (service: string) => (name: string) => counted.push(`${service} ${name}`),
}));
vi.mock("../../lambdas/operator-log.ts", () => ({
  operatorLog: (service: string) => ({
    error: (message: string, more: object) => logged.push({ service, message, ...more }),
  }),
}));
beforeEach(() => {
  counted.length = 0;
  logged.length = 0;
});

async function answerTo(thrown: unknown) {
  const handler = jsonApi("approvals", () => Promise.reject(thrown));
  const event = { httpMethod: "GET", resource: "/me", requestContext: { requestId: "r-1" } };
  const { statusCode, body } = await handler(event as APIGatewayProxyEvent, {} as Context);
  return { status: statusCode, body: JSON.parse(body) };
}

test("a failure of ours is counted, and answer and log name the request", async () => {
  const { status, body } = await answerTo(new TypeError("x is not a function"));
  expect([status, body.code]).toEqual([500, "internal"]);
  expect(body.message).toContain("(request r-1)");
  expect(body.message).not.toContain("x is not");
  expect(counted).toEqual(["every RequestsFailed"]);
  expect(logged).toMatchObject([
    {
      service: "approvals",
      message: "a request failed",
      requestId: "r-1",
      path: "GET /me",
      error: { name: "TypeError" },
    },
  ]);
});

test.each<[ErrorCode, number, number]>([
  ["forbidden", 403, 0],
  ["too_many", 429, 0],
  ["evidence_unavailable", 503, 1],
  ["policy_invalid", 500, 1],
])("an error %s answers %i and counts %i times", async (code, expected, times) => {
  const { status, body } = await answerTo(new CountersignError(code, "because"));
  expect([status, body]).toEqual([expected, { code, message: "because" }]);
  expect(counted).toHaveLength(times);
  expect(logged).toHaveLength(times);
});
