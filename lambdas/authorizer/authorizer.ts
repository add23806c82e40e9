import middy from "@middy/core";
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { callerToContext } from "../domain/identity/caller.ts";
import type { Environment } from "../environment.ts";
import { operatorLog } from "../operator-log.ts";
import { loadSettings } from "../settings.ts";
import { tokenVerifier } from "./token-verifier.ts";

/** API Gateway answers 401 when an authorizer fails with exactly this message. */
const UNAUTHORIZED = "Unauthorized";

/** Ties a request's token to a principal. Permits the whole stage, because API Gateway caches the answer by token. */
export function createAuthorizer(environment: Environment) {
  const verifier = tokenVerifier(loadSettings(environment).config);
  const log = operatorLog("authorizer");
  return middy<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult>().handler(async (event) => {
    const header = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === "authorization")?.[1];
    // RFC 6750 section 2.1; the scheme is matched without regard to case (RFC 9110 section 11.1).
    const token = header?.match(/^Bearer ([A-Za-z0-9._~+/=-]+)$/i)?.[1];
    if (token === undefined) throw new Error(UNAUTHORIZED);
    try {
      const caller = await verifier.verify(token);
      return {
        principalId: caller.principal.id,
        policyDocument: {
          Version: "2012-10-17",
          Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: stageArn(event.methodArn) }],
        },
        context: callerToContext(caller),
      };
    } catch (error) {
      log.warn("a token was refused", {
        why: error instanceof Error ? error.message : "unknown",
        requestId: event.requestContext?.requestId,
      });
      throw new Error(UNAUTHORIZED);
    }
  });
}

/** `arn:…:api/stage/METHOD/path` to `arn:…:api/stage/*`. */
const stageArn = (methodArn: string) => `${methodArn.split("/").slice(0, 2).join("/")}/*`;
