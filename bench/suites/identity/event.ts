/** What API Gateway asks the authorizer, as far as it looks. */
export const eventOf = (token: string) => ({
  type: "REQUEST",
  methodArn: "arn:aws:execute-api:eu-central-1:111122223333:api/live/POST/mcp/ops",
  httpMethod: "POST",
  path: "/mcp/ops",
  headers: { Authorization: `Bearer ${token}` },
  multiValueHeaders: { Authorization: [`Bearer ${token}`] },
  requestContext: { requestId: "r1", identity: { sourceIp: "127.0.0.1", userAgent: "bench" } },
});
