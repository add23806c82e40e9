import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import type { AccessLine } from "../../lambdas/refusals/refused-line.ts";

/**
 * What the API's access log holds of a request. Nothing in it is the client's own word: API Gateway does not say that it
 * escapes values, and a quote in a user agent or a path could make a line say something else.
 */
const FIELDS = {
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  requestTime: "$context.requestTime",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  protocol: "$context.protocol",
  status: "$context.status",
  responseType: "$context.error.responseType",
  responseLength: "$context.responseLength",
  authorizerLatency: "$context.authorizer.latency",
  integrationStatus: "$context.integration.status",
} satisfies Record<keyof AccessLine, string> & Record<string, string>;

export const ACCESS_LOG = AccessLogFormat.custom(JSON.stringify(FIELDS));
