import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import type { LocalStack } from "../../local/stack.ts";
import { type FaultName, type FaultyServers, startFaultyServers } from "./support/faulty-servers.ts";

/** Milliseconds until every answer must be whole: the longest call is 4 s. */
const SOON = 10_000;

let faulty: FaultyServers;
let stack: LocalStack;
let developer: string;
const reported: unknown[] = [];

beforeAll(async () => {
  const { startLocalStack } = await import("../../local/stack.ts");
  faulty = await startFaultyServers();
  stack = await startLocalStack({
    moreServers: faulty.servers,
    times: { upstreamTimeout: "2s", callTimeout: "4s" },
    report: (cause) => reported.push(cause),
  });
  developer = await stack.token("developer", "mcp");
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  await faulty?.stop();
}, 30_000);

interface RpcMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly error?: { readonly code: number; readonly message: string };
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text?: string }[] };
}

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly messages: readonly RpcMessage[];
  readonly milliseconds: number;
}

let next = 100;

/** Calls a tool of a faulty server. */
async function call(server: FaultName): Promise<Answer & { readonly id: number }> {
  const id = next++;
  const started = Date.now();
  const response = await fetch(`${stack.publicUrl}/mcp/${server}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${developer}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "list_roles", arguments: {} } }),
    signal: AbortSignal.timeout(SOON),
  });
  const text = await response.text();
  expect(text).not.toContain(faulty.credential);
  expect(text).not.toMatch(/ECONN|UND_ERR|HPE_|undici|node_modules|\n\s+at /);
  const type = response.headers.get("content-type");
  const parts =
    type === "text/event-stream" ? [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => line ?? "") : [text];
  const messages = parts.filter(Boolean).map((part) => JSON.parse(part) as RpcMessage);
  return { id, status: response.status, type, messages, milliseconds: Date.now() - started };
}

async function recordsOf(callId: string): Promise<LedgerRecord[]> {
  const lines = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
  return lines.filter((record) => record.call === callId).sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Calls that the server saw with this id, whatever else it was told. */
const deliveries = (server: FaultName, id: number) =>
  faulty.seen(server).filter((seen) => seen.id === id && seen.method === "tools/call").length;

/** A failure told to the client in the terms of its call, naming server and reason, with its outcome on record. */
async function failsWith(server: FaultName, says: RegExp, outcome: RegExp = /^unknown$/): Promise<Answer> {
  const answer = await call(server);
  const last = answer.messages.at(-1);
  const text = last?.result?.content?.[0]?.text ?? last?.error?.message ?? "";
  expect(last, `a response to the call among ${JSON.stringify(answer.messages)}`).toMatchObject({ id: answer.id });
  expect(text).toContain(`The server "${server}" `);
  expect(text).toMatch(says);
  expect(text).toMatch(/The call may have run: check before you repeat it/);
  expect(deliveries(server, answer.id), "sent once, never again").toBe(1);
  const records = await recordsOf(text.match(/\(call (\w{26})\)/)?.[1] ?? "");
  const own = records.filter(({ type }) => type !== "message.relayed");
  expect(own.map(({ type }) => type)).toEqual(["call.received", "call.completed"]);
  expect(own.at(-1)).toMatchObject({ server, reason: expect.stringMatching(says) });
  expect(own.at(-1)?.outcome).toMatch(outcome);
  return answer;
}

/** The tool's own answer came through. */
async function served(server: FaultName): Promise<Answer> {
  const answer = await call(server);
  expect(answer.messages).toHaveLength(1);
  expect(answer.messages[0]).toMatchObject({ id: answer.id, result: { content: [{ text: "well done" }] } });
  expect(deliveries(server, answer.id)).toBe(1);
  return answer;
}

test("a server without a fault is served", () => served("fine"));

describe("redirects are not followed", () => {
  test.each<[FaultName, number]>([
    ["choices", 300],
    ["moved", 301],
    ["found", 302],
    ["see-other", 303],
    ["permanent", 308],
  ])("%s (%i)", async (server, status) => {
    await failsWith(server, new RegExp(`redirect \\(HTTP ${status}\\), which is not followed`));
    expect(faulty.seen("elsewhere")).toEqual([]);
  });
});

describe("a status that other clients repeat a request for is told, and the call not repeated", () => {
  test.each<[FaultName, number]>([
    ["slow", 408],
    ["misdirected", 421],
    ["early", 425],
    ["bad-gateway", 502],
  ])("%s (%i)", async (server, status) => {
    await failsWith(server, new RegExp(`HTTP ${status}`));
  });

  // These speak of one connection: fetch sends a request again on 421, browsers also on 408 and 425, and gives up on 407.
  // Passed on, they make the client run a call twice that the server may have run once.
  test.each<[FaultName, number]>([
    ["proxy-login", 407],
    ["slow", 408],
    ["misdirected", 421],
    ["early", 425],
  ])("%s: %i does not go on to the client", async (server) => {
    const { status, id } = await call(server);
    expect([deliveries(server, id), status]).toEqual([1, 200]);
  });

  test("429 with an empty body", () => failsWith("too-many", /not JSON|HTTP 429/));
  test("422 with a text", () => failsWith("refuses-text", /HTTP 422/));
});

describe("a refusal by HTTP status on an event stream", () => {
  test("that says nothing still gets the call an answer", () =>
    failsWith("refuses-empty-stream", /HTTP 400|without a response/));

  test("that names no id still gets the call an answer, or its status", async () => {
    const answer = await call("refuses-event");
    const answered = answer.messages.some(({ id, method }) => id === answer.id && method === undefined);
    expect(answered || answer.status === 400, JSON.stringify(answer)).toBe(true);
  });

  test("a refusal that answers the call keeps its status and text", async () => {
    const answer = await call("refuses-own-id");
    expect(answer.status).toBe(400);
    expect(answer.messages).toEqual([{ jsonrpc: "2.0", id: answer.id, error: { code: -32000, message: "no" } }]);
  });
});

describe("answers without a message", () => {
  test.each<[FaultName, number]>([
    ["no-content", 204],
    ["reset-content", 205],
  ])("%s (%i)", (server, status) => failsWith(server, new RegExp(`HTTP ${status}`)).then(() => undefined));
});

describe("encodings that nobody asked for", () => {
  test.each<FaultName>(["gzip", "gzip-stream"])("%s fails, and is not taken for JSON", async (server) => {
    await failsWith(server, /encod|not UTF-8/);
  });

  // RFC 9110 section 12.5.3: without Accept-Encoding a server may choose any.
  test("the gateway says that it takes none", async () => {
    await call("fine");
    expect(JSON.parse(faulty.seen("fine").at(-1)?.headers ?? "{}")).toMatchObject({ "accept-encoding": "identity" });
  });

  test("the reason names the encoding", () => failsWith("gzip", /gzip/));
});

describe("too much", () => {
  const LIMIT = 20_971_520;
  test.each<FaultName>(["large-json", "large-event", "large-comment"])(
    "%s is given up at the limit",
    async (server) => {
      await failsWith(server, new RegExp(`more than ${LIMIT} bytes`));
      // What lies in socket buffers is beyond the gateway's reading.
      // Twice: the gateway's own look at the server's tools comes first, and is given up there too.
      expect(faulty.written(server)).toBeLessThan(2 * (LIMIT + 2 * 1024 * 1024) + 1);
    },
  );

  test("headers beyond the limit", () => failsWith("large-headers", /broke the connection|header/));
});

describe("messages in the wrong order or number", () => {
  test("garbage behind the JSON", () => failsWith("trailing-garbage", /not JSON/));
  test("two JSON documents", () => failsWith("two-documents", /not JSON/));
  test("blanks around the JSON are none", () => served("trailing-blanks"));
  test("the response to another id first", () => failsWith("foreign-then-own", /another JSON-RPC id/));

  test.each<FaultName>(["two-responses", "late-notification", "response-then-open"])(
    "%s: the response is the last that the client gets, and there is one outcome",
    async (server) => {
      const answer = await served(server);
      expect(answer.milliseconds).toBeLessThan(1500);
      const records = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
      const own = records.filter((record) => record.server === server);
      expect(own.map(({ type }) => type).sort()).toEqual(["call.completed", "call.received"]);
    },
  );
});

describe("connections that break", () => {
  test.each<FaultName>([
    "reset-at-once",
    "reset-json",
    "reset-stream",
    "not-http",
    "switches-protocol",
    "bad-chunk",
    "two-lengths",
    "length-and-chunks",
    "short-body",
  ])("%s", async (server) => {
    await failsWith(server, /broke the connection/);
  });

  test("interim responses are skipped", () => served("hints-first"));
});

describe("lively servers that never end are given up after the longest call", () => {
  test.each<FaultName>([
    "endless-notifications",
    "endless-comments",
    "drip-json",
    "drip-event",
    "endless-hints",
    "drip-headers",
  ])("%s", async (server) => {
    const { milliseconds } = await failsWith(
      server,
      /did not end within [34] s|was silent for 2 s/,
      /^(unknown|cancelled)$/,
    );
    expect(milliseconds).toBeLessThan(6500);
  });
});

describe("after all of it", () => {
  test("a call is served", () => served("fine"));

  test("every received call has one outcome, and nothing crashed", async () => {
    const records = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
    const received = records.filter(({ type }) => type === "call.received");
    const outcomes = received.map(
      ({ call, server }) =>
        [server, records.filter((record) => record.call === call && record.type === "call.completed").length] as const,
    );
    expect(outcomes.filter(([, count]) => count !== 1)).toEqual([]);
    expect(JSON.stringify(records)).not.toContain(faulty.credential);
    expect(reported).toEqual([]);
  });
});
