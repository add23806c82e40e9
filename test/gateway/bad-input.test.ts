import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import type { LocalStack } from "../../local/stack.ts";
import { type BrokenName, type BrokenServers, startBrokenServers } from "../support/broken-servers.ts";

/** Milliseconds in which every answer must be whole; a silent server is given up after 2 s. */
const SOON = 6000;
const MODERN = "2026-07-28";
const META = { "io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {} };
const MODERN_HEADERS = { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": "list_roles" };

let broken: BrokenServers;
let stack: LocalStack;
let developer: string;
const reported: unknown[] = [];
/** Every call id that an answer named. */
const named = new Set<string>();

beforeAll(async () => {
  process.env.POWERTOOLS_LOG_LEVEL = "SILENT";
  const { startLocalStack } = await import("../../local/stack.ts");
  broken = await startBrokenServers();
  stack = await startLocalStack({
    moreServers: broken.servers,
    times: { upstreamTimeout: "2s", waitLeg: "1s" },
    report: (cause) => reported.push(cause),
  });
  developer = await stack.token("developer", "mcp");
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  await broken?.stop();
}, 30_000);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** JSON-RPC messages of the body, whether JSON or an event stream. */
  readonly messages: readonly RpcMessage[];
}

interface RpcMessage {
  readonly jsonrpc?: string;
  readonly id?: unknown;
  readonly method?: string;
  readonly error?: { readonly code: number; readonly message: string };
  readonly result?: {
    readonly isError?: boolean;
    readonly resultType?: string;
    readonly requestState?: string;
    readonly content?: readonly { readonly text?: string }[];
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
}

/** Sends bytes as they are, and checks of every answer that it comes soon and shows nothing of the inside. */
async function send(
  server: string,
  body: string | Uint8Array<ArrayBuffer>,
  { token = developer, headers = {} }: { token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${stack.publicUrl}/mcp/${server}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body,
    signal: AbortSignal.timeout(SOON),
  });
  const text = await response.text();
  hidesTheInside(`${JSON.stringify([...response.headers])}\n${text}`);
  const streamed = response.headers.get("content-type") === "text/event-stream";
  const parts = streamed ? [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => line ?? "") : text ? [text] : [];
  return {
    status: response.status,
    headers: response.headers,
    text,
    messages: parts.map((part) => JSON.parse(part) as RpcMessage),
  };
}

/** No stack trace, path, module, socket error, address behind the gateway, or credential. */
function hidesTheInside(text: string): void {
  expect(text).not.toMatch(/\n\s+at |\\n\s+at |\.[cm]?[jt]s:\d+|node_modules|file:\/\/|\/srv\/|\/work\/|\/tmp\//);
  expect(text).not.toMatch(/ECONN|ENOTFOUND|UND_ERR|undici|SyntaxError|TypeError|amazonaws|DynamoDB/);
  expect(text).not.toContain(`:${broken.port}`);
  for (const { credential } of [broken, stack.ops, stack.everything]) expect(text).not.toContain(credential);
}

/** A tool call as the legacy eras write it. */
const toolCall = (id: number | string, name = "list_roles", args: unknown = {}, more: object = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args, ...more } });

const modernCall = (id: number | string, name = "list_roles", args: unknown = {}, more: object = {}) =>
  toolCall(id, name, args, { _meta: META, ...more });

/** The id that an answer gives a caller to report. */
function callOf(text: string): string {
  const id = text.match(/\(call ([0-9A-HJKMNP-TV-Z]{26})\)/)?.[1];
  if (id === undefined) throw new Error(`no call is named in: ${text}`);
  named.add(id);
  return id;
}

async function recordsOf(call: string): Promise<LedgerRecord[]> {
  const lines = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
  return lines.filter((record) => record.call === call).sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Refused before it was a call: a JSON-RPC error, and one record without the body. */
async function refused(
  answer: Answer,
  {
    status,
    code,
    id = null,
    says,
    server = "ops",
  }: { status: number; code: number; id?: unknown; says: RegExp; server?: string },
  body?: string | Uint8Array,
): Promise<void> {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(answer.messages).toHaveLength(1);
  expect(answer.messages[0]).toMatchObject({ jsonrpc: "2.0", id, error: { code } });
  const message = answer.messages[0]?.error?.message ?? "";
  expect(message).toMatch(says);
  const records = await recordsOf(callOf(message));
  expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([["call.denied", "refused"]]);
  expect(records[0]).toMatchObject({ server, principal: { name: "Dana Developer" }, request: { text: null } });
  expect(message).toContain(records[0]?.reason);
  if (body !== undefined)
    expect(records[0]?.request).toMatchObject({
      originalHash: createHash("sha256").update(body).digest("hex"),
      originalBytes: Buffer.byteLength(body),
    });
}

/** Ops saw nothing of what the test sent. */
async function unseenByOps(act: () => Promise<void>): Promise<void> {
  const before = stack.ops.executions.length;
  await act();
  expect(stack.ops.executions.length, "the server saw nothing").toBe(before);
}

const expectServed = async () => {
  const { status, messages } = await send("ops", toolCall(1));
  expect(status).toBe(200);
  expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ type: "text" }] } });
  expect(messages.at(-1)?.result?.isError).not.toBe(true);
};

describe("a message that is none", () => {
  const deep = `${"[".repeat(70)}${"]".repeat(70)}`;
  const NOT_JSON = { status: 400, code: -32700 };
  const NOT_RPC = { status: 400, code: -32600 };
  const cases: [
    name: string,
    body: string | Buffer<ArrayBuffer>,
    expected: { status: number; code: number; id?: unknown; says: RegExp },
  ][] = [
    ["no body", "", { ...NOT_JSON, says: /not JSON/ }],
    ["text", "hello", { ...NOT_JSON, says: /not JSON/ }],
    ["cut JSON", toolCall(1).slice(0, -1), { ...NOT_JSON, says: /not JSON/ }],
    ["a byte order mark", `\ufeff${toolCall(1)}`, { ...NOT_JSON, says: /not JSON/ }],
    ["invalid UTF-8", Buffer.from(toolCall(1, "caf\xe9"), "latin1"), { ...NOT_JSON, says: /not UTF-8/ }],
    [
      "half a surrogate pair",
      toolCall(1).replace("list_roles", "\\ud800"),
      { ...NOT_JSON, says: /surrogate.* at \/params\/name/ },
    ],
    [
      "a name twice",
      toolCall(1).replace('"name":', '"name":"delete_everything","name":'),
      { ...NOT_JSON, says: /twice at \/params\/name/ },
    ],
    [
      "a name twice, once in disguise",
      toolCall(1).replace('"name":', '"n\\u0061me":"delete_everything","name":'),
      { ...NOT_JSON, says: /twice at \/params\/name/ },
    ],
    [
      "nested too deep",
      toolCall(1, "list_roles", { a: 0 }).replace('"a":0', `"a":${deep}`),
      { ...NOT_JSON, says: /nested deeper than 64/ },
    ],
    ["nested to break a parser", "[".repeat(200_000), { ...NOT_JSON, says: /not JSON/ }],
    [
      "a number that a double changes",
      toolCall(1, "list_roles", { a: 0 }).replace('"a":0', '"a":9007199254740993'),
      { ...NOT_JSON, says: /number.* at \/params\/arguments\/a/ },
    ],
    [
      "a number beyond all doubles",
      toolCall(1, "list_roles", { a: 0 }).replace('"a":0', '"a":1e400'),
      { ...NOT_JSON, says: /number.* at \/params\/arguments\/a/ },
    ],
    ["a batch", `[${toolCall(1)},${toolCall(2)}]`, { ...NOT_RPC, says: /batches are not accepted/ }],
    ["an empty batch", "[]", { ...NOT_RPC, says: /batches are not accepted/ }],
    ["a bare value", "42", { ...NOT_RPC, says: /"jsonrpc" must be "2.0"/ }],
    ["no jsonrpc", '{"id":1,"method":"tools/list"}', { ...NOT_RPC, says: /"jsonrpc" must be "2.0"/ }],
    [
      "another jsonrpc",
      '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
      { ...NOT_RPC, says: /"jsonrpc" must be "2.0"/ },
    ],
    ["id null", '{"jsonrpc":"2.0","id":null,"method":"tools/list"}', { ...NOT_RPC, says: /"id" must be/ }],
    ["id broken", '{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}', { ...NOT_RPC, says: /"id" must be/ }],
    ["method a number", '{"jsonrpc":"2.0","id":3,"method":7}', { ...NOT_RPC, id: 3, says: /"method" must be a text/ }],
    [
      "params an array",
      '{"jsonrpc":"2.0","id":"p","method":"tools/call","params":["list_roles"]}',
      { status: 400, code: -32602, id: "p", says: /"params" must be an object/ },
    ],
    [
      "a call of nothing",
      '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{}}',
      { status: 400, code: -32602, id: 4, says: /"params.name" must be a text/ },
    ],
    [
      "neither request nor response",
      '{"jsonrpc":"2.0","id":5}',
      { ...NOT_RPC, id: 5, says: /neither a request .* nor a response/ },
    ],
  ];

  test.each(cases)("%s", async (_name, body, expected) => {
    await unseenByOps(async () => refused(await send("ops", body), expected, body));
  });

  test("a body over the limit", async () => {
    const body = toolCall(1, "list_roles", { filler: "x".repeat(4 * 1024 * 1024) });
    const says = new RegExp(`has ${body.length} bytes; at most 4194304`);
    await unseenByOps(async () => refused(await send("ops", body), { status: 413, code: -32600, says }, body));
  });

  test("a body that API Gateway itself does not take", async () => {
    const answer = await fetch(`${stack.publicUrl}/mcp/ops`, {
      method: "POST",
      headers: { authorization: `Bearer ${developer}`, "content-type": "application/json" },
      body: Buffer.alloc(10 * 1024 * 1024 + 1, 0x20),
      signal: AbortSignal.timeout(SOON),
    });
    const text = await answer.text();
    expect(answer.status).toBe(413);
    expect(JSON.parse(text)).toEqual({ message: "Request Too Long" });
    hidesTheInside(text);
  });
});

describe("a place that is none", () => {
  test.each([
    ["an unknown name", "nobody"],
    ["a path below a server", "ops/more"],
    ["a way up", "..%2Fops"],
    ["capitals", "Ops"],
    ["an endless name", "x".repeat(300)],
  ])("%s", async (_what, server) => {
    const answer = await send(server, toolCall(9));
    await refused(answer, { status: 404, code: 4007, says: /there is no server/, server: server.slice(0, 64) });
    expect(answer.text.length, "a long name is not echoed whole").toBeLessThan(1500);
  });

  test.each(["GET", "DELETE", "PUT", "PATCH"])("%s of a server", async (method) => {
    const response = await fetch(`${stack.publicUrl}/mcp/ops`, {
      method,
      headers: { authorization: `Bearer ${developer}`, accept: "text/event-stream" },
      signal: AbortSignal.timeout(SOON),
    });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
    expect(await response.text()).toBe("");
  });
});

describe("headers of 2026-07-28 that disagree with the body", () => {
  const { "mcp-name": _name, ...withoutName } = MODERN_HEADERS;
  const { "mcp-method": _method, ...withoutMethod } = MODERN_HEADERS;
  test.each<[string, Record<string, string>, RegExp]>([
    ["another tool", { ...MODERN_HEADERS, "mcp-name": "read_config" }, /Mcp-Name/],
    ["no tool", withoutName, /Mcp-Name/],
    ["another method", { ...MODERN_HEADERS, "mcp-method": "tools/list" }, /Mcp-Method/],
    ["no method", withoutMethod, /Mcp-Method/],
    ["another revision", { ...MODERN_HEADERS, "mcp-protocol-version": "2025-11-25" }, /MCP-Protocol-Version/],
    ["no revision", { "mcp-method": "tools/call", "mcp-name": "list_roles" }, /MCP-Protocol-Version/],
  ])("%s", async (_what, headers, says) => {
    await unseenByOps(async () =>
      refused(await send("ops", modernCall(11), { headers }), { status: 400, code: -32020, id: 11, says }),
    );
  });

  test("the revision in the header alone", async () => {
    const answer = await send("ops", toolCall(12), { headers: MODERN_HEADERS });
    await refused(answer, { status: 400, code: -32602, id: 12, says: /the body has no _meta/ });
  });
});

describe("a session that is not the caller's", () => {
  let own: string;
  beforeAll(async () => {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const answer = await send("ops", JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params }));
    own = answer.headers.get("mcp-session-id") ?? "";
    expect(own.length).toBeGreaterThan(40);
  });
  const UNKNOWN = { status: 404, code: 4008, says: /session is not known; initialize again/ };

  test("the caller's own is served", async () => {
    const answer = await send("ops", toolCall(20), { headers: { "mcp-session-id": own } });
    expect(answer.status).toBe(200);
    expect(answer.messages.at(-1)?.result?.isError).not.toBe(true);
  });

  test("another principal's", async () => {
    const token = await stack.token("ci-build", "mcp");
    await unseenByOps(async () => {
      const answer = await send("ops", toolCall(21), { token, headers: { "mcp-session-id": own } });
      expect(answer.status).toBe(404);
      expect(answer.messages[0]).toMatchObject({ id: 21, error: { code: 4008 } });
      const [record] = await recordsOf(callOf(answer.messages[0]?.error?.message ?? ""));
      expect(record).toMatchObject({ type: "call.denied", outcome: "refused", principal: { kind: "workload" } });
    });
  });

  test("another server's", async () => {
    const answer = await send("everything", toolCall(22, "echo"), { headers: { "mcp-session-id": own } });
    await refused(answer, { ...UNKNOWN, id: 22, server: "everything" });
  });

  test("one changed character, in each part", async () => {
    for (const part of own.split(".").filter(Boolean)) {
      const at = own.indexOf(part) + Math.floor(part.length / 2);
      const changed = `${own.slice(0, at)}${own[at] === "A" ? "B" : "A"}${own.slice(at + 1)}`;
      const answer = await send("ops", toolCall(23), { headers: { "mcp-session-id": changed } });
      await refused(answer, { ...UNKNOWN, id: 23 });
    }
  });

  test.each([
    ["empty", ""],
    ["guessed", "guessed"],
    ["of the right shape", "a.b.c.d.e"],
    ["endless", "x".repeat(6000)],
  ])("made up: %s", async (_what, made) => {
    const answer = await send("ops", toolCall(24), { headers: { "mcp-session-id": made } });
    await refused(answer, { ...UNKNOWN, id: 24 });
  });
});

describe("a requestState that is not this call's", () => {
  const role = "role-of-bad-input";
  const headers = { ...MODERN_HEADERS, "mcp-name": "create_role" };
  let state: string;
  beforeAll(async () => {
    const answer = await send("ops", modernCall(30, "create_role", { name: role }), { headers });
    expect(answer.messages[0]?.result?.resultType, answer.text).toBe("input_required");
    state = answer.messages[0]?.result?.requestState ?? "";
    // Its own e-mail first, so that a later one would be noticed.
    await stack.inbox.waitFor(({ text }) => text.includes("create_role"));
    await stack.drain();
  });

  const forged: [string, () => Promise<{ requestState: string; name?: string; token?: string }>][] = [
    ["another principal's", async () => ({ requestState: state, token: await stack.token("ci-build", "mcp") })],
    ["of other arguments", async () => ({ requestState: state, name: "role-of-another" })],
    [
      "changed",
      async () => ({ requestState: `${state.slice(0, -10)}${state.at(-10) === "A" ? "B" : "A"}${state.slice(-9)}` }),
    ],
    ["made up", async () => ({ requestState: "let-me-in" })],
    [
      "a session id in its place",
      async () => {
        const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
        const opened = await send("ops", JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params }));
        return { requestState: opened.headers.get("mcp-session-id") ?? "" };
      },
    ],
  ];

  test.each(forged)("%s", async (_what, forge) => {
    await unseenByOps(async () => {
      const mails = stack.inbox.messages.length;
      const { requestState, name = role, token = developer } = await forge();
      const answer = await send("ops", modernCall(31, "create_role", { name }, { requestState }), { headers, token });
      expect(answer.status, answer.text).toBe(400);
      expect(answer.messages).toEqual([
        { jsonrpc: "2.0", id: 31, error: { code: -32602, message: expect.stringMatching(/requestState/) } },
      ]);
      const records = await recordsOf(callOf(answer.messages[0]?.error?.message ?? ""));
      expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([["call.denied", "refused"]]);
      await stack.drain();
      expect(stack.inbox.messages.length, "nobody is asked to approve it").toBe(mails);
    });
  });
});

describe("a server that does not do its part", () => {
  const MAY_HAVE_RUN = { outcome: "unknown", advice: /The call may have run: check before you repeat it/ };
  const GAVE_UP = { outcome: "cancelled", advice: MAY_HAVE_RUN.advice };
  const NOT_SENT = { outcome: "not-sent", advice: /Nothing was executed/ };
  const cases: [BrokenName, string, { says: RegExp; outcome: string; advice: RegExp }][] = [
    ["absent", "is not there", { says: /cannot be reached/, ...NOT_SENT }],
    ["garbage", "answers garbage", { says: /sent something that is not JSON/, ...MAY_HAVE_RUN }],
    ["cut", "answers cut JSON", { says: /sent something that is not JSON/, ...MAY_HAVE_RUN }],
    ["nothing", "answers an empty body", { says: /sent something that is not JSON/, ...MAY_HAVE_RUN }],
    ["latin", "answers invalid UTF-8", { says: /sent something that is not UTF-8/, ...MAY_HAVE_RUN }],
    ["html", "answers a web page", { says: /HTTP 200 with the content type "text\/html"/, ...MAY_HAVE_RUN }],
    ["telling-header", "writes a secret into a header", { says: /encoded as "\[GITHUB_TOKEN\]"/, ...MAY_HAVE_RUN }],
    ["untyped", "answers without a content type", { says: /HTTP 200 with no content type/, ...MAY_HAVE_RUN }],
    ["not-rpc", "answers JSON that is not JSON-RPC", { says: /not a JSON-RPC message/, ...MAY_HAVE_RUN }],
    ["batch", "answers a batch", { says: /not a JSON-RPC message/, ...MAY_HAVE_RUN }],
    ["no-outcome", "answers neither result nor error", { says: /not a JSON-RPC message/, ...MAY_HAVE_RUN }],
    ["two-outcomes", "answers result and error", { says: /not a JSON-RPC message/, ...MAY_HAVE_RUN }],
    ["wrong-id", "answers another id", { says: /another JSON-RPC id/, ...MAY_HAVE_RUN }],
    ["text-id", "answers the id as a text", { says: /another JSON-RPC id/, ...MAY_HAVE_RUN }],
    ["stream-text-id", "streams the id as a text", { says: /another JSON-RPC id/, ...MAY_HAVE_RUN }],
    ["accepted", "accepts without a response", { says: /without a response/, ...MAY_HAVE_RUN }],
    ["fails", "fails", { says: /failed with HTTP 500/, ...MAY_HAVE_RUN }],
    ["unavailable", "is unavailable", { says: /failed with HTTP 503/, ...MAY_HAVE_RUN }],
    [
      "unauthorized",
      "refuses the credential",
      { says: /refused the gateway's own credential \(HTTP 401\)/, ...MAY_HAVE_RUN },
    ],
    [
      "forbidden",
      "forbids the credential",
      { says: /refused the gateway's own credential \(HTTP 403\)/, ...MAY_HAVE_RUN },
    ],
    ["redirect", "redirects", { says: /redirect \(HTTP 307\), which is not followed/, ...MAY_HAVE_RUN }],
    ["gone-garbage", "answers 404 and garbage", { says: /not JSON/, ...MAY_HAVE_RUN }],
    ["hangs", "never answers", { says: /was silent for 2 s/, ...GAVE_UP }],
    ["drops", "drops the connection", { says: /broke the connection/, ...MAY_HAVE_RUN }],
    ["drops-midway", "drops the connection in its answer", { says: /broke the connection/, ...MAY_HAVE_RUN }],
    ["body-stalls", "stalls in its answer", { says: /was silent for 2 s/, ...GAVE_UP }],
    [
      "stream-ends",
      "ends the stream without a response",
      { says: /ended the stream without a response/, ...MAY_HAVE_RUN },
    ],
    ["stream-stalls", "stalls in the stream", { says: /was silent for 2 s/, ...GAVE_UP }],
    ["stream-garbage", "streams garbage", { says: /not JSON/, ...MAY_HAVE_RUN }],
    ["stream-drops", "drops the stream", { says: /broke the connection/, ...MAY_HAVE_RUN }],
  ];

  async function failed(
    answer: Answer,
    text: string,
    server: string,
    { says, outcome, advice }: { says: RegExp; outcome: string; advice: RegExp },
  ): Promise<void> {
    // A client may need the server's own 404 to fall back or to open a new session.
    expect(answer.status, answer.text).toBe(server === "gone-garbage" ? 404 : 200);
    expect(text).toContain(`The server "${server}" `);
    expect(text).toMatch(says);
    expect(text).toMatch(advice);
    const records = await recordsOf(callOf(text));
    const relayed = records.filter(({ type }) => type === "message.relayed");
    expect(relayed, "what was relayed before is on record").toHaveLength(answer.messages.length - 1);
    expect(
      records.filter((record) => !relayed.includes(record)).map(({ type, outcome: said }) => [type, said]),
    ).toEqual([
      ["call.received", "received"],
      ["call.completed", outcome],
    ]);
    expect(records.at(-1)).toMatchObject({ server, reason: expect.stringMatching(says) });
    expect(broken.seen(server), "sent once, never again").toBe(server === "absent" ? 0 : 1);
    expect(broken.cancelled(server), "a server that was given up hears of it").toBe(outcome === "cancelled" ? 1 : 0);
  }

  describe.each(cases)("%s: %s", (server, _what, expected) => {
    test("a tool call gets a tool result", async () => {
      const before = broken.seen(server);
      const answer = await send(server, toolCall(7));
      expect(answer.messages.at(-1)).toMatchObject({ id: 7, result: { isError: true } });
      expect(broken.seen(server)).toBe(before + (server === "absent" ? 0 : 1));
      await failed(answer, answer.messages.at(-1)?.result?.content?.[0]?.text ?? "", server, expected);
    });
  });

  test.each<BrokenName>(["absent", "garbage", "wrong-id", "fails", "hangs", "gone-garbage"])(
    "initialize at %s gets a JSON-RPC error and opens no session",
    async (server) => {
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
      const answer = await send(server, JSON.stringify({ jsonrpc: "2.0", id: 8, method: "initialize", params }));
      // A server's own 404 is kept: a client falls back by it.
      expect(answer.status).toBe(server === "gone-garbage" ? 404 : 200);
      expect(answer.messages).toEqual([
        expect.objectContaining({ id: 8, error: expect.objectContaining({ code: 4004 }) }),
      ]);
      expect(answer.headers.get("mcp-session-id")).toBeNull();
      const records = await recordsOf(callOf(answer.messages[0]?.error?.message ?? ""));
      expect(records.map(({ type }) => type)).toEqual(["call.received", "call.completed"]);
    },
  );

  test("a list under another id is not shown: nobody has left out of it what the caller may not discover", async () => {
    const answer = await send("stream-text-id", '{"jsonrpc":"2.0","id":7,"method":"tools/list"}');
    expect(answer.messages).toEqual([
      expect.objectContaining({ id: 7, error: expect.objectContaining({ code: 4004 }) }),
    ]);
    callOf(answer.messages[0]?.error?.message ?? "");
  });

  test("a call of 2026-07-28 gets a complete result", async () => {
    const answer = await send("garbage", modernCall(9), { headers: MODERN_HEADERS });
    expect(answer.messages).toEqual([
      expect.objectContaining({ id: 9, result: expect.objectContaining({ resultType: "complete", isError: true }) }),
    ]);
  });

  test("a refusal is not waited for once its status is known", async () => {
    const start = Date.now();
    const answer = await send("fails-open", toolCall(10));
    expect(answer.messages[0]?.result?.content?.[0]?.text).toMatch(/failed with HTTP 500/);
    expect(Date.now() - start).toBeLessThan(1500);
  });

  // Some clients take any other status for the end of their session.
  test.each([
    ["a notification", "notifications/initialized", '{"jsonrpc":"2.0","method":"notifications/initialized"}'],
    ["an answer to its own request", "response", '{"jsonrpc":"2.0","id":"its-own","result":{}}'],
  ])("%s is dropped, with its outcome on record", async (_what, named, message) => {
    const before = (await stack.ledgerLines()).length;
    const answer = await send("absent", message);
    expect([answer.status, answer.text]).toEqual([202, ""]);
    const fresh = (await stack.ledgerLines())
      .map((line) => JSON.parse(line) as LedgerRecord)
      .filter(({ server, method }) => server === "absent" && method === named);
    expect((await stack.ledgerLines()).length).toBe(before + 2);
    expect(fresh.map(({ type, outcome }) => [type, outcome]).sort()).toEqual([
      ["call.completed", "not-sent"],
      ["call.received", "received"],
    ]);
  });

  test("the credential does not follow a redirect", () => expect(broken.seen("elsewhere")).toBe(0));
});

describe("after all of it", () => {
  test("a normal call is served", expectServed);

  test("twenty at once, each broken in its way, keep nobody from being served", async () => {
    const servers: BrokenName[] = ["hangs", "garbage", "stream-stalls", "drops"];
    const start = Date.now();
    const bad = Promise.all(Array.from({ length: 20 }, (_, at) => send(servers[at % 4] ?? "hangs", toolCall(at))));
    await expectServed();
    for (const { messages } of await bad) expect(messages.at(-1)?.result?.isError).toBe(true);
    expect(Date.now() - start).toBeLessThan(SOON);
  });

  test("every record is archived, every received call has its outcome, and nothing crashed", async () => {
    await stack.drain();
    const records = (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
    for (const call of named) expect(records.some((record) => record.call === call)).toBe(true);
    const ended = new Set(records.filter(({ type }) => type === "call.completed").map(({ call }) => call));
    const open = records.filter(({ type, call }) => type === "call.received" && !ended.has(call));
    expect(open.map(({ call, server, method }) => ({ call, server, method }))).toEqual([]);
    expect(JSON.stringify(records)).not.toContain(broken.credential);
    expect(reported).toEqual([]);
  });
});
