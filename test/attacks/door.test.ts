import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import type { Resolve } from "../../lambdas/upstream/checked-lookup.ts";
import { approving } from "../support/approving.ts";
import { type Gateway, legacy, modern, openGateway, openSession } from "../support/gateway.ts";
import { INITIALIZED, JSON_TYPE, rpc, type ScriptedServers, startScripted } from "../support/scripted-server.ts";
import { BOMBS } from "./support/bombs.ts";
import { http, sendRaw } from "./support/raw.ts";

let servers: ScriptedServers;
let gateway: Gateway;
/** The address that the attacker's name leads to. */
let leads = "127.0.0.1";
const { lookup } = dns;
/** Everything that functions wrote to their logs while they were attacked. */
const logged: string[] = [];

/** Escapes of a terminal (7 and 8 bit), line ends of every kind, an order that is turned, and a line that looks like a log's own. */
const STEERING = '\u001b[2J\u009b31m\r\n{"level":"INFO","message":"forged"}\u2028\u2029\u0085\u202e\u0007';
/** What of it a header may carry: bytes beyond ASCII. */
const IN_HEADERS = "agent\u009b31m\u0085\u009d0;owned\u009c";

beforeAll(async () => {
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      logged.push(String(text));
      return true;
    });
  // A name server in the attacker's hand; what is not its own is asked for as ever.
  dns.lookup = ((name: string, options: dns.LookupAllOptions, callback: Parameters<Resolve>[2]) =>
    name.endsWith(".test")
      ? callback(null, [{ address: leads, family: isIP(leads) }])
      : lookup(name, options, callback)) as typeof lookup;
  syncBuiltinESMExports();
  servers = await startScripted({
    rebound: ({ message }, response) =>
      void response.writeHead(200, { ...JSON_TYPE, connection: "close" }).end(rpc({ id: message.id, result: {} })),
    redirects: (_, response) => void response.writeHead(307, { location: "/mirror" }).end(),
    mirror: ({ message }, response) =>
      void response
        .writeHead(200, { ...JSON_TYPE, ...(message.method === "initialize" ? { "mcp-session-id": "inner" } : {}) })
        .end(rpc({ id: message.id, result: message.method === "initialize" ? INITIALIZED : { content: [] } })),
    steering: (_, response) =>
      void response
        .writeHead(200, { "content-type": Buffer.from("text/\u009b31m", "latin1").toString("latin1") })
        .end(),
    ...Object.fromEntries(
      BOMBS.map(({ name, headers, bytes }) => [
        name,
        (_, response) => void response.writeHead(200, headers).end(bytes),
      ]),
    ),
  });
  const moreServers = servers.servers.map(({ name, url, ...rest }) => ({
    ...rest,
    name,
    url: name === "rebound" ? url.replace("127.0.0.1", "rebound.test") : url,
  }));
  gateway = await openGateway({
    moreServers,
    times: { waitLeg: "1s", holdPlain: "1s", holdProgress: "1s" },
    report: () => undefined,
  });
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  dns.lookup = lookup;
  syncBuiltinESMExports();
}, 30_000);

const call = (name = "read", more: object = {}) =>
  rpc({ id: 1, method: "tools/call", params: { name, arguments: {}, ...more } });
const ran = () => servers.of("mirror", "tools/call").length;

const WAITING = { timeout: 5000, interval: 30 };

/**
 * What was recorded of what happens from now on. Records of refusals come by the log, a little later.
 *
 * @param least records that are waited for
 */
async function recordedBy(act: () => Promise<unknown>, least = 1): Promise<LedgerRecord[]> {
  await sleep(2);
  const since = new Date().toISOString();
  await act();
  return vi.waitFor(async () => {
    const records = await gateway.records(({ recordedAt, type }) => recordedAt >= since && !type.startsWith("writer."));
    if (records.length < least) throw new Error("nothing is recorded");
    return records;
  }, WAITING);
}

/** The head of a tool call on the wire, with the developer's good token. */
const head = (target: string, more: readonly string[] = [], method = "POST") => [
  `${method} ${target} HTTP/1.1`,
  `Host: ${new URL(gateway.stack.publicUrl).host}`,
  `Authorization: Bearer ${gateway.developer}`,
  "Content-Type: application/json",
  "Accept: application/json, text/event-stream",
  ...more,
];
const sized = (body: string) => [`Content-Length: ${Buffer.byteLength(body)}`, "Connection: close"];

describe("a path that is written in another way is the server that it names, or none", () => {
  // What is served here is what any reader of RFC 3986 takes for /mcp/mirror: dots and doubled slashes are gone before routes are looked at.
  test.each([
    "/mcp/mirror",
    "/mcp/mirror?server=ops",
    "/mcp/./mirror",
    "/mcp/nobody/../mirror",
    "/approvals/%2e%2e/mcp/mirror",
  ])("%s is the server's own, once and on record", async (target) => {
    const before = ran();
    const records = await recordedBy(async () => {
      const [answer] = await sendRaw(gateway.stack.publicUrl, http(head(target, sized(call())), call()));
      expect(answer?.status, answer?.text).toBe(200);
    });
    expect(ran()).toBe(before + 1);
    expect(records.map(({ type, server }) => [type, server])).toEqual([
      ["call.received", "mirror"],
      ["call.completed", "mirror"],
    ]);
  });

  test.each([
    "/mcp/%6dirror",
    "/mcp/mirror/",
    "/mcp/mirror.",
    "/mcp/mirror%00",
    "/mcp/mirror%20",
    "/mcp/mirror%2f",
    "/mcp/mirror%2f..%2fops",
    "/mcp/mirror;server=ops",
    "/mcp/nobody%2f%2e%2e%2fmirror",
    "/mcp/%252e%252e/mcp/mirror",
    "/mcp/..;/mcp/mirror",
    "/mcp/%c0%ae%c0%ae/mirror",
    "/mcp/mirror%0d%0aX-Server:%20ops",
    "/mcp//mirror",
    "//mcp/mirror",
    "/mcp/Mirror",
    "/mcp/__proto__",
    "/mcp/constructor",
  ])("%s is no server: 404, recorded, and nothing is called", async (target) => {
    const before = [ran(), gateway.stack.ops.executions.length];
    const records = await recordedBy(async () => {
      const bytes = Buffer.from(http(head(target, sized(call())), call()), "latin1");
      const [answer] = await sendRaw(gateway.stack.publicUrl, bytes);
      expect(answer?.status, answer?.text).toBe(404);
    });
    expect(records).toMatchObject([{ type: "call.denied", outcome: "refused", principal: { name: "Dana Developer" } }]);
    expect([ran(), gateway.stack.ops.executions.length]).toEqual(before);
  });

  test.each([
    "/MCP/mirror",
    "/%6dcp/mirror",
    "/mcp",
    "/",
    "//attacker.test/mcp/mirror",
    "/console%2f..%2fmcp%2fmirror",
    "*",
    "/mcp/../mirror",
  ])("%s is nothing: 404 of the door itself", async (target) => {
    const before = servers.got.length;
    const [answer] = await sendRaw(gateway.stack.publicUrl, http(head(target, sized(call())), call()));
    expect(answer?.status, answer?.text).toBe(404);
    expect(answer?.text).toContain("There is nothing here");
    expect(servers.got.length).toBe(before);
  });

  test("a target that names another host is refused by the host that the gateway knows, and recorded", async () => {
    const lines = head("http://attacker.test/mcp/mirror", sized(call()));
    const records = await recordedBy(async () => {
      const [answer] = await sendRaw(
        gateway.stack.publicUrl,
        http(
          lines.map((line) => (line.startsWith("Host:") ? "Host: attacker.test" : line)),
          call(),
        ),
      );
      expect(answer?.status, answer?.text).toBe(403);
    });
    expect(records).toMatchObject([{ type: "call.denied", reason: expect.stringMatching(/Host header/) }]);
  });

  test.each([
    ["GET", "/mcp/mirror/../../approvals"],
    ["GET", "/approvals"],
    ["GET", "/me"],
    ["POST", "/principals/local%7Cx/block"],
    ["POST", "/approvals/%2e%2e%2fme/decision"],
    ["POST", "/approvals/x/reveal"],
    ["POST", "/audit/reveal"],
    ["POST", "/audit/quarantine"],
  ])("an agent's token opens nothing of approvers' and auditors': %s %s", async (method, target) => {
    const records = await recordedBy(async () => {
      const [answer] = await sendRaw(gateway.stack.publicUrl, http(head(target, sized("{}"), method), "{}"));
      expect(answer?.status, answer?.text).toBe(403);
    });
    expect(records).toMatchObject([{ type: "access.refused", principal: { name: "Dana Developer" } }]);
  });
});

describe("two lengths for one body", () => {
  const smuggled = () => http(head("/mcp/mirror", sized(call("smuggled"))), call("smuggled"));
  const chunked = (body: string) => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const length = (more = 0) => `Content-Length: ${Buffer.byteLength(chunked(call())) + more}`;

  test.each<[string, () => string]>([
    ["a length and chunks", () => http(head("/mcp/mirror", [length(), "Transfer-Encoding: chunked"]), chunked(call()))],
    ["chunks and a length", () => http(head("/mcp/mirror", ["Transfer-Encoding: chunked", length()]), chunked(call()))],
    ["two lengths", () => http(head("/mcp/mirror", [length(), length(7)]), chunked(call()))],
    ["a list of lengths", () => http(head("/mcp/mirror", [`${length()}, 7`]), chunked(call()))],
    ["a length with a sign", () => http(head("/mcp/mirror", ["Content-Length: +7"]), "{}")],
    ["a length in hexadecimal", () => http(head("/mcp/mirror", ["Content-Length: 0x10"]), "{}")],
    ["chunks by another name", () => http(head("/mcp/mirror", ["Transfer-Encoding: xchunked"]), chunked(call()))],
    [
      "chunks that are not the last coding",
      () => http(head("/mcp/mirror", ["Transfer-Encoding: chunked, identity"]), chunked(call())),
    ],
    [
      "a blank before the colon",
      () => http(head("/mcp/mirror", ["Transfer-Encoding : chunked", length()]), chunked(call())),
    ],
    ["a folded header", () => http(head("/mcp/mirror", ["Transfer-Encoding:\r\n chunked", length()]), chunked(call()))],
    [
      "a size of a chunk that is none",
      () => http(head("/mcp/mirror", ["Transfer-Encoding: chunked"]), `-1\r\n${call()}\r\n0\r\n\r\n`),
    ],
    ["a header with NUL", () => http(head("/mcp/mirror", ["X-Odd: a\u0000b", ...sized(call())]), call())],
    [
      "a bare CR for a line's end",
      () => http(head("/mcp/mirror", [`X-Odd: a\rTransfer-Encoding: chunked`, length()]), chunked(call())),
    ],
  ])("%s: nothing of it or behind it is called", async (_what, request) => {
    const before = servers.got.length;
    const answers = await sendRaw(gateway.stack.publicUrl, Buffer.from(`${request()}${smuggled()}`, "latin1"));
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(servers.got.length).toBe(before);
  });

  test("the request behind it is called where the first is whole, so that the above could fail", async () => {
    const first = http(head("/mcp/mirror", [`Content-Length: ${Buffer.byteLength(call())}`]), call());
    const answers = await sendRaw(gateway.stack.publicUrl, `${first}${smuggled()}`);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(servers.of("mirror", "tools/call").at(-1)?.message.params.name).toBe("smuggled");
  });
});

describe("a header that comes twice", () => {
  const { body, headers } = modern("tools/call", { name: "read", arguments: {} });
  const text = JSON.stringify(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const twice = (...more: string[]) => http(head("/mcp/mirror", [...lines, ...more, ...sized(text)]), text);

  test.each([
    ["another tool", "Mcp-Name: delete_all"],
    ["another method", "Mcp-Method: tools/list"],
    ["another revision", "MCP-Protocol-Version: 2025-11-25"],
    ["another site", "Origin: https://attacker.test"],
  ])("%s last is refused and recorded", async (_what, line) => {
    const before = ran();
    const records = await recordedBy(async () => {
      const [answer] = await sendRaw(gateway.stack.publicUrl, twice(line));
      expect([400, 403], answer?.text).toContain(answer?.status);
    });
    expect(records).toMatchObject([{ type: "call.denied", outcome: "refused" }]);
    expect(ran()).toBe(before);
  });

  test("another tool first is called as the body says, and the server hears of no other", async () => {
    const [answer] = await sendRaw(
      gateway.stack.publicUrl,
      http(head("/mcp/mirror", ["Mcp-Name: delete_all", ...lines, ...sized(text)]), text),
    );
    expect(answer?.status, answer?.text).toBe(200);
    const got = servers.of("mirror", "tools/call").at(-1);
    expect([got?.message.params.name, got?.headers["mcp-name"]]).toEqual(["read", "read"]);
  });

  test.each(["Authorization: Bearer a.b.c", "authorization: Basic dTpw"])(
    "a second token (%s) lets nobody in",
    async (line) => {
      const records = await recordedBy(async () => {
        const [answer] = await sendRaw(gateway.stack.publicUrl, twice(line));
        expect(answer?.status, answer?.text).toBe(401);
      });
      expect(records).toMatchObject([{ type: "access.refused", reason: expect.stringMatching(/^malformed/) }]);
    },
  );

  test("headers that other gateways take for the path, the method or the caller mean nothing and go nowhere", async () => {
    const odd = {
      "X-Original-URL": "/approvals",
      "X-Rewrite-URL": "/approvals",
      "X-HTTP-Method-Override": "DELETE",
      "X-Forwarded-Host": "attacker.test",
      Forwarded: "host=attacker.test;for=10.0.0.1",
      "X-Forwarded-User": "admin",
      "X-Amzn-Oidc-Identity": "admin",
    };
    const records = await recordedBy(async () => {
      const [answer] = await sendRaw(
        gateway.stack.publicUrl,
        twice(...Object.entries(odd).map(([name, value]) => `${name}: ${value}`)),
      );
      expect(answer?.status, answer?.text).toBe(200);
    });
    expect(records[0]).toMatchObject({
      type: "call.received",
      principal: { name: "Dana Developer" },
      source: { ip: expect.stringMatching(/^127\./) },
    });
    const got = servers.of("mirror", "tools/call").at(-1);
    for (const name of Object.keys(odd)) expect(got?.headers[name.toLowerCase()], name).toBeUndefined();
  });
});

describe("a server that leads elsewhere", () => {
  const attempt = (server: string) => gateway.send(server, legacy("tools/call", { name: "read", arguments: {} }));

  test("by its name is asked while that leads where it may be", async () => {
    expect((await attempt("rebound")).messages[0]?.result?.isError).toBeUndefined();
    expect(servers.of("rebound", "tools/call")).toHaveLength(1);
  });

  test.each([
    ["to the metadata", "169.254.169.254", "link-local"],
    ["to the metadata in other clothes", "::ffff:a9fe:a9fe", "link-local"],
    ["to nowhere", "0.0.0.0", "reserved"],
  ])("by its name %s is not asked, told and recorded", async (_what, address, what) => {
    leads = address;
    const before = servers.got.length;
    const records = await recordedBy(async () => {
      const { messages } = await attempt("rebound");
      expect(messages[0]?.result).toMatchObject({ isError: true });
      expect(JSON.stringify(messages)).toMatch(/has an address that is refused/);
      expect(JSON.stringify(messages)).not.toContain(address);
    });
    expect(records.at(-1)).toMatchObject({
      type: "call.completed",
      outcome: "not-sent",
      reason: expect.stringContaining(`has an address that is refused: it is a ${what} address`),
    });
    expect(servers.got.length).toBe(before);
  });

  test("by a redirect is told and recorded, and nobody else is asked", async () => {
    const before = ran();
    const records = await recordedBy(() => attempt("redirects"));
    expect(records.at(-1)).toMatchObject({
      type: "call.completed",
      outcome: "unknown",
      reason: expect.stringMatching(/redirect \(HTTP 307\), which is not followed/),
    });
    expect(ran()).toBe(before);
  });
});

describe("a body that must be unpacked to be read", () => {
  /** A gigabyte of blanks before a call, in a megabyte: members of gzip one after another. */
  const bomb = Buffer.concat([
    ...Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * 1024 * 1024, " "))),
    gzipSync(call()),
  ]);

  test.each(["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "identity"])(
    "is not unpacked as %s: 400 at once, and the record has the size of what came",
    async (encoding) => {
      const before = ran();
      const started = performance.now();
      const records = await recordedBy(async () => {
        const response = await fetch(`${gateway.stack.publicUrl}/mcp/mirror`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${gateway.developer}`,
            "content-type": "application/json",
            "content-encoding": encoding,
          },
          body: bomb,
        });
        expect(response.status).toBe(400);
      });
      expect(records).toMatchObject([{ type: "call.denied", request: { text: null, originalBytes: bomb.byteLength } }]);
      expect(performance.now() - started).toBeLessThan(3000);
      expect(ran()).toBe(before);
    },
  );

  test.each(BOMBS.map(({ name }) => name))("an answer of a server is not unpacked: %s", async (server) => {
    const started = performance.now();
    const memory = process.memoryUsage().rss;
    const records = await recordedBy(async () => {
      const { status, messages } = await gateway.send(server, legacy("tools/call", { name: "read", arguments: {} }));
      expect([status, messages[0]?.result?.isError]).toEqual([200, true]);
    });
    expect(records.map(({ type, outcome }) => [type, outcome])).toEqual([
      ["call.received", "received"],
      ["call.completed", "unknown"],
    ]);
    expect(records[1]?.reason).toMatch(/encoded as|not UTF-8|not JSON/);
    expect(performance.now() - started).toBeLessThan(3000);
    // The gigabyte itself was never there.
    expect(process.memoryUsage().rss - memory).toBeLessThan(512 * 1024 * 1024);
  });
});

describe("names that every object has", () => {
  const POLLUTION =
    '{"__proto__":{"polluted":1,"isError":false,"groups":["administrators"]},"constructor":{"prototype":{"polluted":1}},"a.__proto__.polluted":1}';
  const clean = () => {
    expect("polluted" in {}).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
  };

  test("in arguments and _meta go to the server and the record as they came, and change nothing here", async () => {
    const { body, headers } = modern("tools/call", { name: "read", arguments: {} });
    const text = JSON.stringify(body)
      .replace('"arguments":{}', `"arguments":${POLLUTION}`)
      .replace('"_meta":{', `"_meta":{"__proto__":{"polluted":1},`);
    const records = await recordedBy(async () => {
      const { status } = await gateway.send("mirror", { body: text, headers });
      expect(status).toBe(200);
    });
    expect(servers.of("mirror", "tools/call").at(-1)?.text).toBe(text);
    expect(records[0]?.request?.text).toContain(
      '"__proto__":{"polluted":1,"isError":false,"groups":["administrators"]}',
    );
    expect(records[0]?.principal?.groups).toEqual(["developers"]);
    clean();
  });

  test.each([
    ["a message", `{"__proto__":{"id":1,"method":"tools/list"},"jsonrpc":"2.0"}`],
    ["params", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"__proto__":{"name":"read"}}}`],
  ])("do not stand for what %s lacks: refused and recorded", async (_what, body) => {
    const before = ran();
    const records = await recordedBy(async () => {
      const { status } = await gateway.send("mirror", { body });
      expect(status).toBe(400);
    });
    expect(records).toMatchObject([{ type: "call.denied", outcome: "refused" }]);
    expect(ran()).toBe(before);
    clean();
  });

  test.each(["/access-requests", "/approvals/nobody/decision", "/principals/nobody/block"])(
    "in a body for %s are no members of it",
    async (path) => {
      const token = await gateway.stack.token("admin", "console");
      const records = await recordedBy(async () => {
        const response = await fetch(`${gateway.stack.publicUrl}${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: `{"__proto__":{"verdict":"approve","reason":"none","server":"ops","tools":["deploy"],"minutes":5},"polluted":1}`,
        });
        expect([400, 404]).toContain(response.status);
      });
      expect(records.map(({ type }) => type)).toEqual(["access.refused"]);
      clean();
    },
  );
});

describe("a page of another site", () => {
  /** What a browser sends for a form or an image without asking first, with whatever cookies it has. */
  const [FORM, PARTS, PLAIN] = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"];
  const cookies = () =>
    `session=${gateway.developer}; Authorization=Bearer ${gateway.developer}; id_token=${gateway.developer}`;

  test.each([
    ["/mcp/mirror", PLAIN],
    ["/approvals/x/decision", FORM],
    ["/approvals/x/decision", PARTS],
    ["/access-requests", PLAIN],
    ["/principals/x/block", PLAIN],
    ["/grants/x/end", FORM],
  ])("does nothing at %s with a cookie, as %s, and is recorded", async (path, type) => {
    const before = ran();
    const lines = head(`${path}?access_token=${gateway.developer}`, sized(call())).filter(
      (line) => !/^(Authorization|Content-Type)/.test(line),
    );
    const browser = [`Content-Type: ${type}`, `Cookie: ${cookies()}`, "Origin: https://attacker.test"];
    const records = await recordedBy(async () => {
      const [answer] = await sendRaw(gateway.stack.publicUrl, http([...lines, ...browser], call()));
      expect(answer?.status, answer?.text).toBe(401);
      expect(answer?.text).not.toMatch(/^(access-control-allow-origin|set-cookie):/im);
    });
    expect(records).toMatchObject([{ type: "access.refused", reason: "no token" }]);
    expect(ran()).toBe(before);
  });

  test.each(["/mcp/mirror", "/approvals/x/decision"])("is not let ask %s for more", async (path) => {
    const response = await fetch(`${gateway.stack.publicUrl}${path}`, {
      method: "OPTIONS",
      headers: {
        origin: "https://attacker.test",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect([401, 404]).toContain(response.status);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each([
    "/console",
    "/console/",
    "/console/index.html",
    "/console/approvals/x",
    "/console/settings.json",
    "/console/none.js",
    "/.well-known/oauth-protected-resource",
  ])("frames nothing of %s", async (path) => {
    const { headers } = await fetch(`${gateway.stack.publicUrl}${path}`, { redirect: "manual" });
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
  });
});

describe("a mail scanner that follows the link", () => {
  test("opens, prefetches and posts it, and decides nothing; who then decides is a person", async () => {
    const name = "role-for-scanners";
    const { body, headers } = modern("tools/call", { name: "create_role", arguments: { name } });
    await gateway.send("ops", { body, headers });
    const mail = await gateway.stack.inbox.waitFor(({ text }) => text.includes("create_role"));
    const link = mail.links[0] ?? "";
    const id = link.split("/").at(-1) ?? "";
    expect(id.length).toBeGreaterThan(20);
    const { publicUrl } = gateway.stack;
    // Scanners ask for the link as a whole, without its fragment, and for what they guess behind it.
    const places = [
      link,
      link.replace("/#/", "/"),
      `${publicUrl}/approvals/${id}`,
      `${publicUrl}/approvals/${id}/decision`,
    ];
    const records = await recordedBy(async () => {
      for (const place of places)
        for (const method of ["GET", "HEAD", "POST"]) {
          const response = await fetch(place, {
            method,
            redirect: "follow",
            headers: { purpose: "prefetch", "sec-purpose": "prefetch;prerender", "user-agent": "link-scanner/1.0" },
            ...(method === "POST" ? { body: "verdict=approve&reason=scanned" } : {}),
          });
          const text = await response.text();
          expect(text).not.toContain(name);
          expect([200, 401, 403, 404, 405], `${method} ${place}`).toContain(response.status);
        }
    });
    expect(records.map(({ type }) => type)).not.toContain("approval.decided");
    expect(records.some(({ type }) => type === "access.refused")).toBe(true);
    const { api, decide } = approving(gateway);
    expect((await api("approver-one", `/approvals/${id}`)).body).toMatchObject({ status: "PENDING", decisions: [] });
    expect((await decide(id, "approve")).status).toBe(200);
    await gateway.stack.drain();
    expect(
      await gateway.records(({ type, approval }) => type === "approval.decided" && approval?.id === id),
    ).toHaveLength(1);
  });
});

test("markup that waits for an approver is on record as it was written, and the API hands it on as JSON alone", async () => {
  const name = `<img src=x onerror="alert('waits')">`;
  const records = await recordedBy(async () => {
    const { body, headers } = modern("tools/call", { name: "create_role", arguments: { name } });
    const { text } = await gateway.send("ops", { body, headers });
    expect(text).toContain("input_required");
  }, 3);
  expect(records.map(({ type }) => type)).toEqual(expect.arrayContaining(["call.received", "approval.requested"]));
  const received = records.find(({ type }) => type === "call.received");
  expect(JSON.parse(received?.request?.text ?? "{}").params.arguments.name).toBe(name);
  const id = records.find(({ approval }) => approval !== undefined)?.approval?.id;
  const response = await fetch(`${gateway.stack.publicUrl}/approvals/${id}`, {
    headers: { authorization: `Bearer ${await gateway.stack.token("approver-one", "console")}` },
  });
  expect(await response.text()).toContain("onerror");
  expect([response.headers.get("content-type"), response.headers.get("x-content-type-options")]).toEqual([
    "application/json",
    "nosniff",
  ]);
});

describe("a session of somebody else", () => {
  test("is not found, whoever has its id, and the attempt is recorded with who made it", async () => {
    const session = await openSession(gateway, "mirror");
    const thief = await gateway.stack.token("ci-build", "mcp");
    const before = servers.got.length;
    const records = await recordedBy(async () => {
      const stolen = {
        body: call(),
        headers: { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" },
        token: thief,
      };
      expect((await gateway.send("mirror", stolen)).status).toBe(404);
    });
    expect(records).toMatchObject([{ type: "call.denied", outcome: "refused", principal: { kind: "workload" } }]);
    expect(servers.got.length).toBe(before);
  });
});

describe("texts that would steer who reads the log", () => {
  test("reach it through agents, paths, names, reasons and servers' answers, and are recorded", async () => {
    const agent = ["User-Agent: ".concat(IN_HEADERS)];
    const attack = (lines: readonly string[], body = call()) => {
      // A header's bytes beyond ASCII are single ones; a body is UTF-8.
      const bytes = Buffer.from(http([...lines, ...agent, ...sized(body)]), "latin1");
      return sendRaw(gateway.stack.publicUrl, Buffer.concat([bytes, Buffer.from(body)]));
    };
    const records = await recordedBy(async () => {
      await attack(
        head("/mcp/mirror").map((line) => (line.startsWith("Authorization") ? "Authorization: Bearer a.b.c" : line)),
      );
      await attack(head(`/mcp/${encodeURIComponent(STEERING)}`));
      await attack(
        head("/mcp/mirror"),
        call(STEERING, { arguments: { [STEERING]: STEERING }, _meta: { [STEERING]: STEERING } }),
      );
      await attack(head("/mcp/mirror"), rpc({ id: STEERING, method: STEERING, params: {} }));
      await attack(head("/mcp/steering"));
      await attack(head("/mcp/mirror", [`Mcp-Session-Id: ${IN_HEADERS}`]));
    });
    expect(records.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["access.refused", "call.denied", "call.received", "call.completed"]),
    );
    expect(logged.join("")).toContain("a server failed a call");
  });

  test("stand in it escaped: every entry of all these attacks is one line of JSON, by a function of ours", () => {
    const lines = logged
      .join("")
      .split("\n")
      .filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.stringMatching(/^(DEBUG|INFO|WARN|ERROR)$/),
        service: expect.any(String),
      });
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
    expect(lines.filter((line) => JSON.parse(line).message === "forged")).toEqual([]);
    // They did reach it.
    expect(lines.join()).toContain("agent\\\\u{009b}31m");
  });

  test("and of tokens and bodies there is nothing", () => {
    const text = logged.join("");
    expect(text).not.toContain(gateway.developer.split(".")[1]);
    expect(text).not.toContain("administrators");
    expect(text).not.toContain("upstream-credential");
  });
});
