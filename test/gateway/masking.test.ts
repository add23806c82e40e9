import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { v1, v122 } from "../clients/support/v1.ts";
import { v2Default } from "../clients/support/v2.ts";
import { type Gateway, legacy, openGateway } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  rpc,
  type Script,
  type ScriptedServers,
  STREAM_TYPE,
  sse,
  startScripted,
} from "../support/scripted-server.ts";

const SECRET = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;
const SAID = `use ${SECRET} now`;
const SHOWN = "use [GITHUB_TOKEN] now";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const PASSWORD = "Xk29qpLw7vT5m";
const MAIL = "ada.lovelace@example.com";

/** What is said instead of `SAID`, in every channel, and what nobody may see of it. */
const SAYINGS: readonly { readonly what: string; readonly said: string; readonly hidden: readonly string[] }[] = [
  { what: "a token", said: SAID, hidden: [SECRET] },
  { what: "somebody's address", said: `write to ${MAIL} today`, hidden: [MAIL] },
  { what: "a password", said: `the login: password=${PASSWORD}`, hidden: [PASSWORD] },
  { what: "a password in JSON", said: JSON.stringify({ user: "x", password: PASSWORD }), hidden: [PASSWORD] },
  {
    what: "a password in base64",
    said: `run ${base64(`export DB_PASSWORD=${PASSWORD}`)}`,
    hidden: [base64(`export DB_PASSWORD=${PASSWORD}`)],
  },
  { what: "an address for URLs", said: `see ?to=${encodeURIComponent(MAIL)}`, hidden: [encodeURIComponent(MAIL)] },
];
const DASHES = "-".repeat(5);
const PEM = [
  `${DASHES}BEGIN RSA ${"PRIVATE"} KEY${DASHES}\nMIIEowIBAAKCAQEAwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYxwJalrXUtn`,
  "FEMIK7MDENGbPxRfiCYEXAMPLEKEYwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE",
  `x=\n${DASHES}END RSA ${"PRIVATE"} KEY${DASHES}`,
];

/** Every place where a server may say something to a client. */
const CHANNELS: readonly {
  readonly name: string;
  readonly method: string;
  readonly params?: object;
  /** The response's `result` or `error`. */
  readonly answer?: object;
  /** What comes on the stream before it. */
  readonly before?: readonly object[];
}[] = [
  {
    name: "a text of a tool result",
    method: "tools/call",
    answer: { result: { content: [{ type: "text", text: SAID }] } },
  },
  {
    name: "structured content",
    method: "tools/call",
    answer: { result: { content: [], structuredContent: { deep: [{ a: SAID }], password: PASSWORD } } },
  },
  {
    name: "a name within structured content",
    method: "tools/call",
    answer: { result: { content: [], structuredContent: { [SAID]: 1 } } },
  },
  {
    name: "an embedded resource",
    method: "tools/call",
    answer: {
      result: { content: [{ type: "resource", resource: { uri: "x:y", mimeType: "text/plain", text: SAID } }] },
    },
  },
  {
    name: "a resource link",
    method: "tools/call",
    answer: {
      result: { content: [{ type: "resource_link", uri: `https://x/${SECRET}`, name: "n", description: SAID }] },
    },
  },
  {
    name: "a failed tool's text",
    method: "tools/call",
    answer: { result: { isError: true, content: [{ type: "text", text: SAID }] } },
  },
  {
    name: "metadata of a result",
    method: "tools/call",
    answer: { result: { content: [], _meta: { "x.y/z": { said: SAID, password: PASSWORD } } } },
  },
  { name: "an error's message", method: "tools/call", answer: { error: { code: -32000, message: SAID } } },
  {
    name: "an error's data",
    method: "tools/call",
    answer: { error: { code: -32000, message: "failed", data: { trace: [SAID], password: PASSWORD } } },
  },
  {
    name: "a resource's text",
    method: "resources/read",
    params: { uri: "file:///x" },
    answer: { result: { contents: [{ uri: "file:///x", text: SAID }] } },
  },
  {
    name: "a prompt",
    method: "prompts/get",
    params: { name: "p" },
    answer: { result: { description: SAID, messages: [{ role: "user", content: { type: "text", text: SAID } }] } },
  },
  {
    name: "a tool's description and title",
    method: "tools/list",
    answer: {
      result: {
        tools: [{ name: "t", title: SAID, description: SAID, inputSchema: { type: "object", description: SAID } }],
      },
    },
  },
  {
    name: "a listed resource",
    method: "resources/list",
    answer: { result: { resources: [{ uri: "x:y", name: SAID, title: SAID }] } },
  },
  {
    name: "a listed prompt",
    method: "prompts/list",
    answer: { result: { prompts: [{ name: "p", description: SAID }] } },
  },
  {
    name: "completions",
    method: "completion/complete",
    params: { ref: { type: "ref/prompt", name: "p" }, argument: { name: "a", value: "u" } },
    answer: { result: { completion: { values: [SAID] } } },
  },
  {
    name: "a server's instructions",
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    answer: { result: { ...INITIALIZED, instructions: SAID } },
  },
  {
    name: "a log message",
    method: "tools/call",
    before: [{ method: "notifications/message", params: { level: "info", data: { line: SAID, password: PASSWORD } } }],
  },
  {
    name: "progress",
    method: "tools/call",
    before: [{ method: "notifications/progress", params: { progressToken: 1, progress: 1, message: SAID } }],
  },
  {
    name: "an elicitation",
    method: "tools/call",
    before: [
      {
        id: 77,
        method: "elicitation/create",
        params: {
          message: SAID,
          requestedSchema: { type: "object", properties: { a: { type: "string", description: SAID } } },
        },
      },
    ],
  },
];

const OUTPUT = {
  type: "object",
  required: ["mail", "link", "when", "token", "code", "level"],
  properties: {
    mail: { type: "string", format: "email" },
    link: { type: "string", format: "uri" },
    when: { type: "string", format: "date-time" },
    token: { type: "string", pattern: "^[a-z]{3}_[A-Za-z0-9]{36}$" },
    code: { type: "string", pattern: "^(?=gh)\\w+$" },
    level: { type: "integer", minimum: 1 },
    people: { type: "array", uniqueItems: true, items: { type: "string", maxLength: 12, minLength: 3 } },
  },
  additionalProperties: false,
};
const STRUCTURED = {
  mail: "ada@example.com",
  link: `https://u:${SECRET}@example.com/x`,
  when: "2026-11-21T10:00:00Z",
  token: SECRET,
  code: SECRET,
  level: 4,
  people: ["a@b.example", "c@d.example"],
};

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
/** A message with another saying in it. A tool that is described anew would not be the one that is pinned. */
const instead = (message: object, saying: number): object =>
  JSON.parse(
    JSON.stringify(message)
      .replaceAll(inJson(SAID), () => inJson(SAYINGS[saying]?.said ?? ""))
      .replaceAll('"name":"t"', `"name":"t${saying}"`),
  );

const talker: Script = ({ message: { id, method, params } }, response) => {
  const channel = CHANNELS.find(({ name }) => name === params?._meta?.channel);
  if (method === "initialize" && channel === undefined)
    return void response
      .writeHead(200, JSON_TYPE)
      .end(
        rpc({ id, result: { ...INITIALIZED, protocolVersion: params.protocolVersion, capabilities: { tools: {} } } }),
      );
  if (id === undefined || method === undefined) return void response.writeHead(202).end();
  if (params?.uri === "file:///blob") {
    const blob = base64(SAYINGS[params._meta.saying]?.said ?? "");
    const contents = [{ uri: params.uri, mimeType: "text/plain", blob }];
    return void response.writeHead(200, JSON_TYPE).end(rpc({ id, result: { contents } }));
  }
  if (params?.name === "stream-key") {
    response.writeHead(200, STREAM_TYPE);
    const notes = PEM.map((data) => sse({ method: "notifications/message", params: { level: "info", data } }));
    return void response.end(notes.join("") + sse({ id, result: { content: [] } }));
  }
  if (params?.name === "pieces") {
    response.writeHead(200, STREAM_TYPE);
    const bytes = Buffer.from(sse({ id, result: { content: [{ type: "text", text: `é ${SAID} 🔑` }] } }));
    const size = Number(params.arguments.size);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const next = () => {
      const piece = pieces.shift();
      if (piece === undefined) return void response.end();
      response.write(piece, () => setImmediate(next));
    };
    return next();
  }
  const tools = ["structured", "call", "pieces", "stream-key"].map((name) => ({
    name,
    inputSchema: { type: "object" },
    ...(name === "structured" ? { outputSchema: OUTPUT } : {}),
  }));
  if (channel === undefined) {
    const result =
      method === "tools/list" ? { tools } : { content: [{ type: "text", text: "x" }], structuredContent: STRUCTURED };
    return void response.writeHead(200, JSON_TYPE).end(rpc({ id, result }));
  }
  const { saying } = params._meta;
  const answer = instead(channel.answer ?? { result: { content: [] } }, saying);
  if (channel.before === undefined) return void response.writeHead(200, JSON_TYPE).end(rpc({ id, ...answer }));
  const before = channel.before.map((said) => sse(instead(said, saying)));
  response.writeHead(200, STREAM_TYPE).end(before.join("") + sse({ id, ...answer }));
};

let servers: ScriptedServers;
let gateway: Gateway;

beforeAll(async () => {
  servers = await startScripted({ talker });
  gateway = await openGateway({ moreServers: servers.servers });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const ask = (method: string, params: object = {}) => gateway.send("talker", legacy(method, params));

describe("no channel shows a secret", () => {
  test.each(CHANNELS.map((channel) => [channel.name, channel] as const))("%s", async (name, channel) => {
    for (const [saying, { what, hidden }] of SAYINGS.entries()) {
      const params = {
        ...(channel.method === "tools/call" ? { name: "call" } : {}),
        ...channel.params,
        _meta: { channel: name, saying },
      };
      const { text, status } = await ask(channel.method, params);
      expect({ what, status }).toEqual({ what, status: 200 });
      expect(text, what).toMatch(/\[[A-Z][A-Z_]+\]/);
      for (const secret of [...hidden, SECRET, PASSWORD]) expect(text, what).not.toContain(secret);
    }
    const records = JSON.stringify(await gateway.records(({ server }) => server === "talker"));
    for (const secret of SAYINGS.flatMap(({ hidden }) => hidden)) expect(records).not.toContain(secret);
  });

  test.each(SAYINGS.map(({ what }, saying) => [what, saying] as const))("text in a blob: %s", async (_, saying) => {
    const { messages } = await ask("resources/read", { uri: "file:///blob", _meta: { saying } });
    const shown = Buffer.from(messages[0]?.result.contents[0].blob, "base64").toString();
    expect(shown).toMatch(/\[[A-Z][A-Z_]+\]/);
    for (const secret of SAYINGS[saying]?.hidden ?? []) expect(shown).not.toContain(secret);
    if (saying === 0) expect(shown).toBe(SHOWN);
  });

  test("the request goes to the server as it came, and is masked in its record", async () => {
    await ask("tools/call", { name: "call", arguments: { note: SAID } });
    const got = servers.of("talker", "tools/call").at(-1);
    expect(got?.message.params.arguments.note).toBe(SAID);
    const [received] = (
      await gateway.records(({ type, server }) => type === "call.received" && server === "talker")
    ).slice(-1);
    expect(received?.request?.text).toContain(SHOWN);
  });
});

test("a key in three messages of a stream is masked in all of them", async () => {
  const { text } = await ask("tools/call", { name: "stream-key" });
  expect(text.match(/\[PRIVATE_KEY\]/g)).toHaveLength(3);
  expect(text).not.toContain("MIIE");
  expect(text).not.toContain("FEMIK");
});

test.each([1, 2, 3, 7, 50, 10_000])("bytes that come %d at a time say the same", async (size) => {
  const { messages } = await ask("tools/call", { name: "pieces", arguments: { size } });
  expect(messages.at(-1)?.result.content[0].text).toBe(`é ${SHOWN} 🔑`);
});

test.each([v1, v122, v2Default].map((kind) => [kind.name, kind] as const))(
  "%s accepts a masked result of a tool with an output schema",
  async (_, kind) => {
    const peer = await kind.connect({ url: `${gateway.stack.publicUrl}/mcp/talker`, token: gateway.developer });
    try {
      await peer.ask("tools/list");
      const result = (await peer.ask("tools/call", { name: "structured" })) as { structuredContent: typeof STRUCTURED };
      expect(result.structuredContent).toEqual({
        mail: "masked@masked.invalid",
        link: "https://masked.invalid/",
        when: STRUCTURED.when,
        token: `xxx_${"x".repeat(36)}`,
        code: "[GITHUB_TOKEN]",
        level: 4,
        people: ["***", "***"],
      });
    } finally {
      await peer.close();
    }
  },
);
