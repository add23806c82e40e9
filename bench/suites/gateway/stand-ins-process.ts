import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../../../local/port.ts";
import { announce } from "../../part.ts";
import { answerOf, EVENT_STREAM } from "./messages.ts";

/**
 * What the gateway speaks to, answering at once: AWS's wire calls as far as the gateway makes them, the issuer's key set
 * and an MCP server. For benchmarks only: it keeps nothing and checks nothing.
 */
const jwks = process.env.BENCH_JWKS ?? "";

const SECRET = { Name: "bench", SecretString: "a-secret-for-benchmarks", VersionStages: ["AWSCURRENT"] };
const DATA_KEY = {
  Plaintext: Buffer.alloc(32, 7).toString("base64"),
  CiphertextBlob: Buffer.alloc(184, 9).toString("base64"),
};

/** A tool that was pinned long ago, as it is for all but the very first call. */
const PIN = {
  pk: { S: "pins#ops" },
  sk: { S: "legacy#" },
  tool: { S: "search_logs" },
  pinned: { M: { digest: { S: "7".repeat(64) }, by: { S: "first use" }, at: { N: "1" } } },
};

/** An answer for each operation, by `X-Amz-Target` after the point. */
const OPERATIONS: Readonly<Record<string, (body: string) => readonly [status: number, body: object]>> = {
  PutItem: () => [200, {}],
  GetItem: () => [200, {}],
  Query: (body) => [200, { Items: body.includes("pins#") ? [PIN] : [] }],
  UpdateItem: () => [200, { Attributes: { calls: { N: "1" } } }],
  GenerateDataKey: () => [200, { ...DATA_KEY, KeyId: "arn:aws:kms:us-east-1:123456789012:key/bench" }],
  Sign: () => [200, { Signature: Buffer.alloc(71, 5).toString("base64"), SigningAlgorithm: "ECDSA_SHA_256" }],
  GetSecretValue: (body) =>
    body.includes("AWSPREVIOUS") ? [400, { __type: "ResourceNotFoundException", Message: "none" }] : [200, SECRET],
};

const serve = async (handle: (body: string, request: IncomingMessage, response: ServerResponse) => void) => {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => handle(Buffer.concat(pieces).toString(), request, response));
  });
  server.keepAliveTimeout = 60_000;
  return `http://127.0.0.1:${await listen(server)}`;
};

const send = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
) =>
  void response
    .writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), ...headers })
    .end(body);

const aws = await serve((body, request, response) => {
  const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
  const answer = OPERATIONS[operation];
  if (answer === undefined) return send(response, 404, "text/plain", `no stand-in for ${operation}`);
  const [status, json] = answer(body);
  send(response, status, "application/x-amz-json-1.0", JSON.stringify(json));
});

const issuer = await serve((_body, _request, response) => send(response, 200, "application/json", jwks));

const mcp = await serve((body, request, response) => {
  if (request.url === "/stream") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const [first, ...rest] = EVENT_STREAM;
    response.write(first);
    // The response comes when the first event is surely on its way.
    setTimeout(() => response.end(rest.join("")), 2);
    return;
  }
  send(response, 200, "application/json", answerOf(body), { "mcp-session-id": "bench-session" });
});

announce({ aws, issuer, mcp });
