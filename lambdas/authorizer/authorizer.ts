import middy from "@middy/core";
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { CountersignError } from "../domain/error.ts";
import { callerToContext } from "../domain/identity/caller.ts";
import { REFUSED_MESSAGE, type Refusal } from "../domain/identity/refusal.ts";
import { TokenRefused } from "../domain/identity/token-refused.ts";
import type { Environment } from "../environment.ts";
import { METRIC } from "../metric-names.ts";
import { operatorLog } from "../operator-log.ts";
import { operatorMetrics } from "../operator-metrics.ts";
import { loadSettings } from "../settings.ts";
import { KeysUnavailable } from "./key-sets.ts";
import { refusalOf } from "./tell-refusal.ts";
import { tokenVerifier } from "./token-verifier.ts";

/** API Gateway answers 401 when an authorizer fails with exactly this message, and 500 when it fails with another. */
const UNAUTHORIZED = "Unauthorized";

/** Where refusals are told beside the log. */
export interface AuthorizerSurroundings {
  readonly refused?: (refusal: Refusal) => void;
}

/**
 * Ties a request's token to a principal. Permits the whole stage, because API Gateway caches the answer by token.
 * A token that is not accepted is 401 (sign in again); a genuine one that names nobody, and one that is too long, is 403 (signing
 * in again changes nothing); and an issuer whose keys are not known 503: the token may be good, so the client must not sign in for it.
 */
export function createAuthorizer(environment: Environment, { refused }: AuthorizerSurroundings = {}) {
  const log = operatorLog("authorizer");
  const count = operatorMetrics("authorizer");
  const verifier = tokenVerifier(loadSettings(environment).config, {
    failed: ({ name }, cause) => {
      count(METRIC.issuerUnavailable);
      log.error("a key set could not be fetched", { issuer: name, why: cause instanceof Error ? cause.message : "" });
    },
  });
  return middy<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult>().handler(async (event) => {
    const header = authorizationOf(event);
    const stage = stageArn(event.methodArn);
    try {
      const caller = await verifier.verify(bearerOf(header), event.requestContext);
      return {
        principalId: caller.principal.id,
        policyDocument: policy("Allow", stage),
        context: callerToContext(caller),
      };
    } catch (error) {
      if (error instanceof TokenRefused || error instanceof CountersignError) {
        const refusal = refusalOf(event, header.replace(/^Bearer /i, ""), error);
        log.warn(REFUSED_MESSAGE, { refusal });
        refused?.(refusal);
        const why = error instanceof TokenRefused ? error.why : error.message;
        if (why === undefined) throw new Error(UNAUTHORIZED);
        return { principalId: "nobody", policyDocument: policy("Deny", stage), context: { why: plain(why) } };
      }
      if (!(error instanceof KeysUnavailable)) count(METRIC.authorizerFailed);
      log.error("a token could not be checked", { why: error instanceof Error ? error.message : "unknown" });
      throw error;
    }
  });
}

/** The header; sent twice it is no token, because whoever stands before us may have read the other. */
function authorizationOf({ headers, multiValueHeaders }: APIGatewayRequestAuthorizerEvent): string {
  const named = (name: string) => name.toLowerCase() === "authorization";
  const all = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) => (named(name) ? (values ?? []) : []));
  const one = Object.entries(headers ?? {}).find(([name]) => named(name))?.[1];
  return all.length > 1 ? all.join(", ") : (one ?? all[0] ?? "");
}

/** RFC 6750 section 2.1; the scheme is matched without regard to case (RFC 9110 section 11.1). */
function bearerOf(header: string): string {
  const token = header.match(/^Bearer ([A-Za-z0-9._~+/=-]+)$/i)?.[1];
  if (token === undefined) throw new TokenRefused(header === "" ? "absent" : "malformed");
  return token;
}

const policy = (Effect: "Allow" | "Deny", Resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect, Resource }],
});

/** API Gateway puts it between quotes as it is. */
const plain = (text: string) => text.replaceAll(/["\\\p{Cc}]/gu, "'");

/** `arn:…:api/stage/METHOD/path` to `arn:…:api/stage/*`. */
const stageArn = (methodArn: string) => `${methodArn.split("/").slice(0, 2).join("/")}/*`;
