import { MODERN_REVISION } from "../../../lambdas/domain/mcp/constants.ts";

/** The messages of the benchmark: 2 KB in, 4 KB out, as a tool that searches logs would have them. */
const line = (at: number) =>
  `2026-10-0${1 + (at % 9)}T08:${10 + (at % 50)}:07.113Z INFO orders-api request handled path=/orders/${4000 + at * 7} status=200 ms=${3 + (at % 40)}`;
const lines = (from: number, to: number, of = line) =>
  Array.from({ length: to - from }, (_, at) => of(from + at)).join("\n");

const base = { jsonrpc: "2.0", id: 1 } as const;
const params = {
  name: "search_logs",
  arguments: {
    service: "orders-api",
    environment: "staging",
    query: "status>=500 OR ms>250",
    limit: 50,
    since: "2026-10-01T00:00:00Z",
    include: { headers: false, body: true, fields: ["path", "status", "ms", "trace"] },
    context: `Compare with what was seen yesterday:\n${lines(0, 15)}`,
    labels: Array.from({ length: 12 }, (_, at) => ({ name: `label-${at}`, value: at * 3 })),
  },
};

/** A `tools/call`, 2 KB. */
export const CALL = JSON.stringify({ ...base, method: "tools/call", params });

/** The same call in the terms of 2026-07-28. */
export const MODERN_CALL = JSON.stringify({
  ...base,
  method: "tools/call",
  params: {
    ...params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": MODERN_REVISION,
      "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
});
export const MODERN_HEADERS = {
  "mcp-protocol-version": MODERN_REVISION,
  "mcp-method": "tools/call",
  "mcp-name": params.name,
} as const;

/** A call whose answer holds a secret, so that it is masked and the original sealed. */
export const SECRET_CALL = CALL.replace("search_logs", "search_mails");

export const INITIALIZE = JSON.stringify({
  ...base,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
});

const result = (text: string) =>
  JSON.stringify({
    ...base,
    result: { content: [{ type: "text", text }], structuredContent: { matches: 37, took: 12 } },
  });
const ANSWER = result(lines(0, 37));
const SECRET_ANSWER = result(lines(0, 37, (at) => (at === 20 ? `${line(at)} user=jane.doe@example.com` : line(at))));
const INITIALIZED = JSON.stringify({
  ...base,
  result: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "bench", version: "1" } },
});

/** What the server answers to a message. */
export const answerOf = (body: string): string => {
  if (body.includes('"initialize"')) return INITIALIZED;
  return body.includes('"search_mails"') ? SECRET_ANSWER : ANSWER;
};

const progress = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 7, progress: 1 } };
/** The server's answer as an event stream: a word of progress at once, the response after it. */
export const EVENT_STREAM: readonly string[] = [JSON.stringify(progress), ANSWER].map(
  (text) => `event: message\ndata: ${text}\n\n`,
);

/** Stands in every answer that is the server's own. */
export const MARK = "orders-api request handled";
