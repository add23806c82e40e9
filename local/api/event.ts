import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import type { Match } from "./match.ts";

export interface Request {
  readonly event: APIGatewayProxyEvent;
  readonly methodArn: string;
}

/** Builds the event of a Lambda proxy integration as a REST API with `binaryMediaTypes: *\/*` sends it: the body always base64. */
export function proxyEvent(
  incoming: IncomingMessage,
  body: Buffer,
  { route, parameters }: Match,
  stage: string,
): Request {
  const url = urlOf(incoming);
  const method = incoming.method ?? "GET";
  const multiValueHeaders = headersOf(incoming);
  const names = [...new Set(url.searchParams.keys())];
  const multiValueQuery = Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)]));
  const requestId = randomUUID();
  const now = new Date();
  const { authorizer: _none, ...requestContext } = contextOf(
    incoming,
    route.resource,
    method,
    url.pathname,
    stage,
    requestId,
    now,
  );
  const event: APIGatewayProxyEvent = {
    resource: route.resource,
    path: url.pathname,
    httpMethod: method,
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: url.search.length > 1 ? lastOf(multiValueQuery) : null,
    multiValueQueryStringParameters: url.search.length > 1 ? multiValueQuery : null,
    pathParameters: parameters,
    stageVariables: null,
    requestContext: { ...requestContext, authorizer: {} },
    body: body.length > 0 ? body.toString("base64") : null,
    isBase64Encoded: body.length > 0,
  };
  return { event, methodArn: `arn:aws:execute-api:us-east-1:123456789012:local/${stage}/${method}${url.pathname}` };
}

/** What a request is for. Two slashes begin a path here, and no host; a target that names a host is a proxy's (RFC 9112 section 3.2.2). */
export function urlOf({ url = "/" }: IncomingMessage): URL {
  const whole = url.startsWith("/") ? `http://local${url}` : url;
  return URL.parse(whole) ?? new URL("http://local/");
}

/** The same request as a REQUEST authorizer sees it: without its body. */
export function authorizerEvent({ event, methodArn }: Request): APIGatewayRequestAuthorizerEvent {
  const { body: _body, isBase64Encoded: _encoded, requestContext, ...rest } = event;
  const { authorizer: _authorizer, ...context } = requestContext;
  return { ...rest, type: "REQUEST", methodArn, requestContext: { ...context, authorizer: undefined } };
}

/** Names as the client wrote them; values of one name, however written, together. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const found = new Map<string, { name: string; values: string[] }>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const entry = found.get(name.toLowerCase()) ?? { name, values: [] };
    entry.values.push(rawHeaders[at + 1] ?? "");
    found.set(name.toLowerCase(), entry);
  }
  return Object.fromEntries([...found.values()].map(({ name, values }) => [name, values]));
}

const lastOf = (lists: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? ""]));

function contextOf(
  incoming: IncomingMessage,
  resourcePath: string,
  httpMethod: string,
  path: string,
  stage: string,
  requestId: string,
  now: Date,
): APIGatewayProxyEvent["requestContext"] {
  const nobody = {
    accessKey: null,
    accountId: null,
    apiKey: null,
    apiKeyId: null,
    caller: null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    user: null,
    userArn: null,
  };
  return {
    accountId: "123456789012",
    apiId: "local",
    authorizer: undefined,
    // With a custom domain (an empty base path) the stage stands in no path.
    path,
    stage,
    httpMethod,
    resourcePath,
    resourceId: resourcePath,
    protocol: `HTTP/${incoming.httpVersion}`,
    requestId,
    extendedRequestId: requestId,
    requestTime: now.toUTCString(),
    requestTimeEpoch: now.getTime(),
    domainName: incoming.headers.host ?? "127.0.0.1",
    domainPrefix: "local",
    identity: {
      ...nobody,
      sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
      userAgent: incoming.headers["user-agent"] ?? null,
    },
  };
}
