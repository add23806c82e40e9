import middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { CountersignError, type ErrorCode } from "../domain/error.ts";
import { readStrict } from "../domain/json/strict.ts";
import { METRIC } from "../metric-names.ts";
import { operatorFailures } from "../operator-failures.ts";

/** HTTP status of each error on the approvers' and auditors' paths. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  approval_conflict: 409,
  approval_decided: 409,
  approval_expired: 409,
  approval_pending: 409,
  approval_refused: 429,
  forbidden: 403,
  approval_not_found: 404,
  bad_request: 400,
  evidence_unavailable: 503,
  grant_ended: 409,
  masking_failed: 500,
  not_found: 404,
  policy_invalid: 500,
  rendered_changed: 409,
  reveal_needed: 409,
  reveal_unavailable: 409,
  seal_invalid: 409,
  stale_sign_in: 401,
  token_invalid: 401,
  too_many: 429,
  unauthorized_audience: 403,
  upstream_failed: 502,
};

/** Answers with JSON; an error becomes `{code, message}`, and what is not ours becomes a plain 500 that operators are told of. */
export function jsonApi(service: string, answer: (event: APIGatewayProxyEvent) => Promise<unknown>) {
  const tell = operatorFailures(service);
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>().handler(async (event) => {
    try {
      return reply(200, await answer(event));
    } catch (error) {
      const { requestId } = event.requestContext;
      const status = error instanceof CountersignError ? STATUS[error.code] : 500;
      if (status >= 500)
        tell(METRIC.failed, "a request failed", error, { requestId, path: `${event.httpMethod} ${event.resource}` });
      if (error instanceof CountersignError) return reply(status, { code: error.code, message: error.message });
      return reply(status, {
        code: "internal",
        message: `Something failed on our side. Look whether it took effect before you try again (request ${requestId}).`,
      });
    }
  });
}

const reply = (statusCode: number, body: unknown): APIGatewayProxyResult => ({
  statusCode,
  headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" },
  body: JSON.stringify(body),
});

/** Containers in one another that a body may have. */
const DEEPEST = 8;

/** The request's JSON body as an object. Read strictly: what has no canonical form could not be recorded afterwards. */
export function bodyOf(event: APIGatewayProxyEvent): Readonly<Record<string, unknown>> {
  const text = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8").toString("utf8");
  try {
    const body: unknown = readStrict(text, { depth: DEEPEST });
    if (typeof body === "object" && body !== null && !Array.isArray(body))
      return body as Readonly<Record<string, unknown>>;
  } catch {
    // Falls through to the one error for everything that is no JSON object.
  }
  throw new CountersignError("bad_request", "the body must be a JSON object");
}
