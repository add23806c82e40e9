import type { APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import type { CountersignError } from "../domain/error.ts";
import type { Refusal } from "../domain/identity/refusal.ts";
import { TokenRefused } from "../domain/identity/token-refused.ts";
import { sha256Hex } from "../domain/json/canonical.ts";

/** Longest word of the sender's own that is kept. */
const LONGEST = 200;

/** What is told of a refused token. Size and hash stand for it: whoever has the token can find it again. */
export function refusalOf(
  event: APIGatewayRequestAuthorizerEvent,
  token: string,
  error: TokenRefused | CountersignError,
): Refusal {
  return {
    ...(error instanceof TokenRefused
      ? { fault: error.fault, issuer: error.issuer, ...(error.why === undefined ? {} : { why: error.why }) }
      : { fault: "unusable", why: error.message, issuer: null }),
    bytes: Buffer.byteLength(token),
    sha256: sha256Hex(token),
    requestId: event.requestContext?.requestId ?? "",
    ip: event.requestContext?.identity?.sourceIp ?? "",
    userAgent: kept(event.requestContext?.identity?.userAgent),
    method: event.httpMethod ?? "",
    path: kept(event.path),
  };
}

const kept = (word: string | null | undefined) => (word ?? "").slice(0, LONGEST).toWellFormed();
