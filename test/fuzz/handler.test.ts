import { request as httpRequest } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import type { LocalStack } from "../../local/stack.ts";
import { type FaultyServers, startFaultyServers } from "../upstream/support/faulty-servers.ts";
import { jsonText, mutated } from "./support/json-text.ts";
import { lookalike, MODERN, sample, VERSION_KEY } from "./support/messages.ts";
import { runs } from "./support/runs.ts";

/** Milliseconds in which every answer must be whole. */
const SOON = 8000;

let faulty: FaultyServers;
let stack: LocalStack;
let token: string;
const reported: unknown[] = [];

beforeAll(async () => {
  const { startLocalStack } = await import("../../local/stack.ts");
  faulty = await startFaultyServers();
  stack = await startLocalStack({
    moreServers: faulty.servers.filter(({ name }) => ["fine", "two-responses", "trailing-garbage"].includes(name)),
    times: { upstreamTimeout: "2s", callTimeout: "4s", holdPlain: "1s", holdProgress: "1s", waitLeg: "1s" },
    report: (cause) => reported.push(cause),
  });
  token = await stack.token("developer", "mcp");
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  await faulty?.stop();
}, 30_000);

interface Shot {
  readonly server: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

interface Hit {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** Names this request in the ledger. */
  readonly agent: string;
}

let shots = 0;

/** Sends bytes and headers as they are, which `fetch` would not. */
function shoot({ server, body, headers }: Shot): Promise<Hit> {
  shots += 1;
  const agent = `fuzz-${shots}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${stack.publicUrl}/mcp/${server}`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          ...headers,
          "user-agent": agent,
          "content-length": body.length,
        },
        signal: AbortSignal.timeout(SOON),
        agent: false,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(pieces).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, agent });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Messages of the body, whatever its framing. */
function messagesOf({ headers, text }: Hit): Record<string, unknown>[] {
  if (text === "") return [];
  if (headers["content-type"] !== "text/event-stream") return [JSON.parse(text)];
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => JSON.parse(line ?? ""));
}

/** What every answer must be: a status that is no crash, a body of the protocol, and nothing of the inside. */
function shaped(hit: Hit, shot: Shot): void {
  const about = `${hit.agent} ${shot.server} ${shot.body.toString("latin1").slice(0, 600)} -> ${hit.status} ${hit.text.slice(0, 600)}`;
  expect([200, 202, 400, 403, 404, 405, 413], about).toContain(hit.status);
  expect(hit.text, about).not.toMatch(
    /\n\s+at |\\n\s+at |\.[cm]?[jt]s:\d+|node_modules|file:\/\/\/work|\/work\/|\/tmp\//,
  );
  expect(hit.text, about).not.toMatch(/ECONN|ENOTFOUND|UND_ERR|SyntaxError|TypeError|RangeError|DynamoDB|amazonaws/);
  expect(hit.text, about).not.toContain("the gateway failed");
  expect(hit.headers["cache-control"], about).toBe("no-store");
  const messages = messagesOf(hit);
  if (hit.status === 202) expect(hit.text, about).toBe("");
  else expect(messages.length, about).toBeGreaterThan(0);
  const asked = parsed(shot.body);
  for (const message of messages) {
    expect(message, about).toMatchObject({ jsonrpc: "2.0" });
    if ("method" in message) continue;
    expect("result" in message, about).not.toBe("error" in message);
    if (message.id !== null) expect(message.id, about).toEqual(asked?.id);
  }
}

function parsed(body: Buffer): { readonly id?: unknown } | undefined {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

const server = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("ops", "fine", "two-responses", "trailing-garbage") },
  fc.constantFrom(
    "nobody",
    "__proto__",
    "constructor",
    "ops%00",
    "..%2fops",
    "%F0%9F%98%80".repeat(30),
    "ops%0d%0a",
    "%ff",
  ),
);

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const tool = (args: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_roles","arguments":${args}}}`;
const body = fc.oneof(
  { weight: 4, arbitrary: sample.map((one) => json(one.json)) },
  { weight: 2, arbitrary: lookalike.map(json) },
  { weight: 2, arbitrary: mutated(sample.map((one) => JSON.stringify(one.json))).map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: jsonText.map((value) => Buffer.from(tool(value))) },
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    Buffer.alloc(0),
    Buffer.from("[]"),
    Buffer.from("[".repeat(100_000)),
    Buffer.from(tool("[".repeat(60) + "]".repeat(60))),
  ),
);

/** Values that HTTP lets through, in any bytes that it may. */
const fieldValue = fc.oneof(
  fc.constantFrom(
    "",
    MODERN,
    "2025-11-25",
    "tools/call",
    "list_roles",
    "=?base64?%%%?=",
    "=?base64?bGlzdF9yb2xlcw==?=",
    "null",
  ),
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 20,
  }),
);
const headers = fc.dictionary(
  fc.constantFrom(
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
    "mcp-param-x",
    "mcp-session-id",
    "last-event-id",
    "accept",
    "content-type",
    "x-forwarded-host",
    "__proto__x",
  ),
  fieldValue,
  { maxKeys: 4 },
);
/** Headers as a client of 2026-07-28 sends them with this body. */
const matching = (bytes: Buffer): Record<string, string> => {
  const message = parsed(bytes) as
    | { method?: unknown; params?: { name?: unknown; uri?: unknown; _meta?: Record<string, unknown> } }
    | undefined;
  if (message?.params?._meta?.[VERSION_KEY] !== MODERN || typeof message.method !== "string") return {};
  const name = message.method === "resources/read" ? message.params.uri : message.params.name;
  if (!/^[\x21-\x7e]+$/.test(message.method)) return {};
  return {
    "mcp-protocol-version": MODERN,
    "mcp-method": message.method,
    ...(typeof name === "string" ? { "mcp-name": `=?base64?${Buffer.from(name).toString("base64")}?=` } : {}),
  };
};
/** Half a surrogate pair in a member's name has a test of its own. */
const wellFormed = body.filter((bytes) => !/\\ud[89a-f]/i.test(bytes.toString("latin1")));
const shot: fc.Arbitrary<Shot> = fc
  .tuple(server, wellFormed, headers, fc.integer({ min: 0, max: 3 }))
  .map(([server, body, headers, kind]) => ({
    server,
    body,
    headers: kind === 0 ? headers : kind === 1 ? { ...matching(body), ...headers } : matching(body),
  }));

async function records(): Promise<LedgerRecord[]> {
  return (await stack.ledgerLines()).map((line) => JSON.parse(line) as LedgerRecord);
}

/** The one record that says a request came, by the agent that sent it. */
async function recordedOnce(hits: readonly Hit[]): Promise<void> {
  const all = await records();
  const arrivals = all.filter(({ type }) => type === "call.received" || type === "call.denied");
  const missing = hits.filter(({ agent }) => !arrivals.some(({ source }) => source?.userAgent === agent));
  expect(missing.map(({ agent, status, text }) => ({ agent, status, text: text.slice(0, 300) }))).toEqual([]);
  const ended = new Set(all.filter(({ type }) => type === "call.completed").map(({ call }) => call));
  const open = arrivals.filter(({ type, call }) => type === "call.received" && !ended.has(call));
  expect(open.map(({ call, server, method }) => ({ call, server, method }))).toEqual([]);
}

describe("the gateway's handler", () => {
  const hits: Hit[] = [];

  test("answers any request in the protocol's terms", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(shot, { minLength: 8, maxLength: 8 }), async (volley) => {
        const answers = await Promise.all(volley.map((one) => shoot(one)));
        hits.push(...answers);
        answers.forEach((answer, at) => {
          const one = volley[at];
          if (one !== undefined) shaped(answer, one);
        });
      }),
      // Every request leaves records, so a failure is not shrunk.
      { ...runs(30), interruptAfterTimeLimit: 25_000, endOnFailure: true },
    );
  }, 60_000);

  test("records every one of them, and what came of it", async () => {
    expect(hits.length).toBeGreaterThan(50);
    await recordedOnce(hits);
    expect(reported).toEqual([]);
  });

  // nodejs/node#63785: what one message names decides how the next is read. Here the bucket, which only approval may
  // let pass, is hidden from risk and policy, and a server on another engine reads it.
  test("a message before does not hide what a call holds from policy", async () => {
    const call = (id: number, member: string): Shot => ({
      server: "fine",
      body: Buffer.from(
        `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"upload_file","arguments":{"unseen":0,"${member}":"evil"}}}`,
      ),
      headers: {},
    });
    await shoot(call(77_002, "b\\\\u0075cke"));
    await shoot(call(77_003, "b\\u0075cketName"));
    await shoot(call(77_001, "bucketName"));
    const delivered = faulty.seen("fine").map(({ id }) => id);
    expect(delivered, "named plainly it does not pass").not.toContain(77_001);
    expect(delivered, "named in disguise neither").not.toContain(77_003);
  });

  const long = (method: string, params: object): Shot => ({
    server: "fine",
    body: json({ jsonrpc: "2.0", id: 1, method, params }),
    headers: {},
  });

  // What cannot be written is refused, so whoever finds a name that no record can hold acts without leaving a trace.
  test.each<[string, Shot]>([
    ["a tool's name cut within a character", long("tools/call", { name: `${"x".repeat(511)}😀` })],
    ["a URI cut within a character", long("resources/read", { uri: `file:///${"x".repeat(503)}😀` })],
    ["half a surrogate pair in a name", { ...long("ping", {}), body: Buffer.from(tool('{"\\ud800":1}')) }],
    ["a method longer than a record", long(`x/${"y".repeat(500_000)}`, {})],
    ["a method of half a megabyte that names nothing", long("y".repeat(500_000), {})],
    [
      "a name of half a megabyte that occurs twice",
      {
        ...long("ping", {}),
        body: Buffer.from(tool(`{"${"n".repeat(500_000)}":1,"${"n".repeat(500_000)}":2}`)),
      },
    ],
    [
      "secrets under names of half a megabyte in all",
      long("tools/call", {
        name: "list_roles",
        arguments: Object.fromEntries(
          Array.from({ length: 10 }, (_, at) => [`${at}${"n".repeat(50_000)}`, { password: `hunter-${at}` }]),
        ),
      }),
    ],
    ["a tool's name of a megabyte", long("tools/call", { name: "x".repeat(1_000_000) })],
    ["arguments of a megabyte", long("tools/call", { name: "list_roles", arguments: { a: "x".repeat(1_000_000) } })],
    [
      "an id of a megabyte",
      { ...long("ping", {}), body: json({ jsonrpc: "2.0", id: "x".repeat(1_000_000), method: "ping" }) },
    ],
    [
      "a thousand arguments with secrets",
      long("tools/call", {
        name: "list_roles",
        arguments: Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`password${at}`, `hunter-${at}`])),
      }),
    ],
    [
      "a mirrored argument cut within a character",
      {
        server: "fine",
        body: json({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "t", arguments: { a: `${"x".repeat(511)}😀` }, _meta: { [VERSION_KEY]: MODERN } },
        }),
        headers: {
          "mcp-protocol-version": MODERN,
          "mcp-method": "tools/call",
          "mcp-name": "t",
          "mcp-param-a": `=?base64?${Buffer.from(`${"x".repeat(511)}😀`).toString("base64")}?=`,
        },
      },
    ],
    [
      "a hundred mirrored arguments",
      {
        server: "fine",
        body: json({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "t", arguments: { a: "v" }, _meta: { [VERSION_KEY]: MODERN } },
        }),
        headers: {
          "mcp-protocol-version": MODERN,
          "mcp-method": "tools/call",
          "mcp-name": "t",
          ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`mcp-param-${at}`, "v"])),
        },
      },
    ],
  ])("records %s", async (_what, one) => {
    const hit = await shoot(one);
    shaped(hit, one);
    expect(hit.text).not.toMatch(/could not be (written|recorded)/);
    await recordedOnce([hit]);
  });
});
