import { randomUUID } from "node:crypto";
import type {
  APIGatewayAuthorizerResult,
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  APIGatewayRequestAuthorizerEvent,
  Context,
} from "aws-lambda";
import type { LambdaResponseStream } from "./response-stream.ts";

export type Authorizer = (
  event: APIGatewayRequestAuthorizerEvent,
  context: Context,
) => Promise<APIGatewayAuthorizerResult>;
export type Buffered = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
export type Streaming = (
  event: APIGatewayProxyEvent,
  stream: LambdaResponseStream,
  context: Context,
) => Promise<unknown>;

/** The functions behind the API, by service name. */
export interface Functions {
  readonly authorizer: Authorizer;
  readonly buffered: Readonly<Record<string, Buffered>>;
  readonly streaming: Readonly<Record<string, Streaming>>;
}

/** Lambda's context object for one invocation. */
export function invocation(service: string, seconds: number): Context {
  const deadline = Date.now() + seconds * 1000;
  return {
    functionName: service,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${service}`,
    memoryLimitInMB: "512",
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${service}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
