import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHeaders, checkOrigin, type Headers } from "../../lambdas/domain/mcp/headers.ts";
import { type ClientMessage, readClientMessage } from "../../lambdas/domain/mcp/message.ts";
import { ProtocolRefusal } from "../../lambdas/domain/mcp/refusal.ts";
import { forwardedHeaders } from "../../lambdas/domain/upstream/forwarded-headers.ts";
import { MODERN, method, request, sample, targetName, VERSION_KEY } from "./support/messages.ts";
import { runs } from "./support/runs.ts";

const read = (json: unknown) => readClientMessage(new TextEncoder().encode(JSON.stringify(json)));

/** Whether the headers pass; anything thrown but the refusal that the specification asks for is a crash. */
function passes(message: ClientMessage, headers: Headers): boolean {
  try {
    checkHeaders(message, headers);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolRefusal);
    const { status, code, id } = error as ProtocolRefusal;
    expect([status, id]).toEqual([400, message.id]);
    // -32602 when a method that names something does not.
    expect([-32020, -32602]).toContain(code);
    return false;
  }
}

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
const sentinel = (payload: string) => `=?base64?${payload}?=`;
const NAMED = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
]);

/** A field value as RFC 9110 section 5.5 and the specification's "Value Encoding" let it be: visible ASCII and blanks inside. */
const isPlain = (value: string) => /^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/.test(value);

/** What a header names, by "Value Encoding" of 2026-07-28; null where its characters or its encoding are invalid. */
function named(value: string): string | null {
  if (!isPlain(value)) return null;
  if (!(value.startsWith("=?base64?") && value.endsWith("?=") && value.length >= 11)) return value;
  const payload = value.slice(9, -2);
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(payload)) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(payload, "base64"));
    // Bits beyond the last byte must be zero, or one name would have many spellings.
    return base64(text) === payload ? text : null;
  } catch {
    return null;
  }
}

/** The oracle: "Server Validation" of 2026-07-28, streamable HTTP. */
function allowed(json: { method: string; params?: Readonly<Record<string, unknown>> }, headers: Headers): boolean {
  const meta = json.params?._meta as Readonly<Record<string, unknown>> | undefined;
  const version = meta?.[VERSION_KEY];
  // A legacy message has no headers to compare; it only must not claim the modern revision.
  if (version === undefined) return headers["mcp-protocol-version"] !== MODERN;
  if (headers["mcp-protocol-version"] !== version || headers["mcp-method"] !== json.method) return false;
  if (!isPlain(json.method)) return false;
  const key = NAMED.get(json.method);
  const value = headers["mcp-name"];
  // Tasks (SEP-2663): the header mirrors the task's id.
  if (json.method.startsWith("tasks/")) return value === undefined || named(value) === json.params?.taskId;
  if (key === undefined) return true;
  return value !== undefined && named(value) === json.params?.[key];
}

const anyEncoded = fc.stringMatching(/^=\?base64\?[A-Za-z0-9+/=%*]{0,12}\?=$/);

/** How a client might write a name: rightly, plainly, wrongly encoded, or another name altogether. */
const writtenName = (target: string): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    fc.constantFrom(
      undefined,
      target,
      sentinel(base64(target)),
      sentinel(base64(target).replace(/=+$/, "")),
      sentinel(Buffer.from(target).toString("base64url")),
      sentinel(`${base64(target)}=`),
      sentinel(` ${base64(target)}`),
      sentinel(base64(`${target}\u0000`)),
      sentinel(base64(`${target}\r\n`)),
      sentinel(target),
      `=?BASE64?${base64(target)}?=`,
      `=?base64?${base64(target)}`,
      target.toUpperCase(),
      encodeURIComponent(target),
      "",
      "another",
    ),
    // Bits that no byte holds.
    fc.constantFrom("B", "C", "h", "/").map((last) => sentinel(base64(target).replace(/.(?==*$)/, last))),
    anyEncoded,
  );

const routed = request.chain(({ json }) => {
  const key = NAMED.get(String(json.method)) ?? "name";
  const target = NAMED.has(String(json.method)) ? String(json.params?.[key]) : "x";
  return fc.record({
    json: fc.constant(json as { method: string; params?: Readonly<Record<string, unknown>> }),
    headers: fc.record({
      "mcp-protocol-version": fc.oneof(
        { weight: 8, arbitrary: fc.constant(MODERN) },
        fc.constantFrom(undefined, "2025-11-25", "", "2026-07-28 ", "2026-07-28, 2025-11-25", "2099-01-01"),
      ),
      "mcp-method": fc.oneof(
        { weight: 8, arbitrary: fc.constant(String(json.method)) },
        fc.constantFrom(undefined, "", "tools/list", "Tools/Call", "tools/call, tools/list"),
        method,
      ),
      "mcp-name": writtenName(target),
    }),
  });
});
/** Header values that HTTP can bring without being invalid in themselves. */
const clean = (headers: Headers) =>
  Object.values(headers).every((value) => value === undefined || value === "" || isPlain(value));

describe("checkHeaders", () => {
  test("passes exactly what the specification lets pass", () => {
    fc.assert(
      fc.property(
        routed.filter(({ headers }) => clean(headers)),
        ({ json, headers }) => {
          expect(passes(read(json), headers), JSON.stringify({ json, headers })).toBe(allowed(json, headers));
        },
      ),
      runs(4000),
    );
  });

  test("passes what a client of 2026-07-28 writes", () => {
    fc.assert(
      fc.property(request, ({ json, era }) => {
        const message = read(json);
        fc.pre(era === "modern" && isPlain(message.method));
        const key = NAMED.get(message.method);
        const target = key === undefined ? "" : String(json.params?.[key]);
        const plain = isPlain(target) && !/^=\?base64\?.*\?=$/.test(target);
        const headers = {
          "mcp-protocol-version": MODERN,
          "mcp-method": message.method,
          ...(key === undefined ? {} : { "mcp-name": plain ? target : sentinel(base64(target)) }),
        };
        expect(passes(message, headers), JSON.stringify({ json, headers })).toBe(true);
      }),
      runs(1500),
    );
  });

  // "A header value contains invalid characters" is a failure of its own: between here and the server each hop may read
  // bytes beyond ASCII in its own way.
  test("refuses characters that a header must not hold, even where they are the body's", () => {
    const odd = fc.constantFrom(
      "écho",
      "\u00a0",
      "名",
      "a\u0000b",
      "a\r\nMcp-Name: b",
      "\u007f",
      "a\u0085b",
      "\ufffd",
      "\ufeffa",
    );
    fc.assert(
      fc.property(odd, (target) => {
        const params = { name: target, _meta: { [VERSION_KEY]: MODERN } };
        const message = read({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
        const headers = { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": target };
        expect(passes(message, headers), JSON.stringify(target)).toBe(false);
      }),
      runs(50),
    );
  });

  test("blanks of Unicode around a method are no blanks of HTTP", () => {
    fc.assert(
      fc.property(fc.constantFrom("\u00a0", "\ufeff", "\u2003", "\n", "\r\n"), fc.boolean(), (blank, before) => {
        const message = read({ jsonrpc: "2.0", id: 1, method: "ping", params: { _meta: { [VERSION_KEY]: MODERN } } });
        const headers = { "mcp-protocol-version": MODERN, "mcp-method": before ? `${blank}ping` : `ping${blank}` };
        expect(passes(message, headers)).toBe(false);
      }),
      runs(30),
    );
  });

  test("never crashes, whatever the message and the headers", () => {
    const value = fc.option(fc.string({ unit: "binary", maxLength: 20 }), { nil: undefined });
    const headers = fc.dictionary(
      fc.oneof(
        fc.constantFrom("mcp-name", "mcp-method", "mcp-protocol-version", "mcp-param-x", "mcp-param-__proto__"),
        fc.string({ maxLength: 6 }),
      ),
      value,
    );
    fc.assert(
      fc.property(sample, headers, ({ json }, given) => {
        passes(read(json), given);
      }),
      runs(1500),
    );
  });

  test("what passed tells the server nothing else than the body", () => {
    fc.assert(
      fc.property(routed, ({ json, headers }) => {
        const message = read(json);
        fc.pre(clean(headers) && passes(message, headers));
        const sent = forwardedHeaders(headers, undefined, message);
        if (message.era === "legacy") {
          expect(Object.keys(sent).filter((name) => /^mcp-(method|name|param)/.test(name))).toEqual([]);
          return;
        }
        expect(sent["mcp-method"]).toBe(json.method);
        const key = NAMED.get(json.method);
        if (key !== undefined) expect(named(sent["mcp-name"] ?? "")).toBe(json.params?.[key]);
      }),
      runs(300),
    );
  });

  test("an Mcp-Name that nothing in the body backs does not go on to the server", () => {
    fc.assert(
      fc.property(
        targetName.filter(isPlain),
        fc.constantFrom("tools/list", "resources/subscribe", "ping"),
        (name, method) => {
          const params = { uri: "file:///a", _meta: { [VERSION_KEY]: MODERN } };
          const message = read({ jsonrpc: "2.0", id: 1, method, params });
          const headers = { "mcp-protocol-version": MODERN, "mcp-method": method, "mcp-name": name };
          if (passes(message, headers))
            expect(forwardedHeaders(headers, undefined, message)["mcp-name"]).toBeUndefined();
        },
      ),
      runs(100),
    );
  });
});

describe("checkHeaders of mirrored arguments", () => {
  const call = (args: unknown) =>
    read({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "t", arguments: args, _meta: { [VERSION_KEY]: MODERN } },
    });
  const routing = { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": "t" };
  const scalar = fc.oneof(fc.string({ unit: "grapheme", maxLength: 8 }), fc.maxSafeInteger(), fc.boolean());

  test("pass where they mirror an argument, plain or encoded, at any depth", () => {
    fc.assert(
      fc.property(scalar, fc.boolean(), (value, deep) => {
        const text = String(value);
        const header = isPlain(text) && !/^=\?base64\?.*\?=$/.test(text) ? text : sentinel(base64(text));
        const message = call(deep ? { a: { b: [value] } } : { a: value });
        expect(passes(message, { ...routing, "mcp-param-a": header })).toBe(true);
      }),
      runs(500),
    );
  });

  test("pass with a number however its decimals are written, and with no other writing of it", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (value, zeros) => {
        const message = call({ a: { b: value } });
        const passing = (said: string) => passes(message, { ...routing, "mcp-param-a": said });
        expect(passing(`${value}.${"0".repeat(zeros)}`)).toBe(true);
        for (const said of [`${value}.`, `${value}e0`, `0x${value.toString(16)}`, `${value}.${"0".repeat(zeros)}1`])
          expect(passing(said)).toBe(false);
        expect(passes(call({ a: String(value) }), { ...routing, "mcp-param-a": `${value}.0` }), "a text is one").toBe(
          false,
        );
      }),
      runs(200),
    );
  });

  test("never pass where they say what no argument says", () => {
    fc.assert(
      fc.property(scalar, scalar, (value, other) => {
        fc.pre(String(value) !== String(other) && isPlain(String(other)) && !String(other).startsWith("=?base64?"));
        // "Servers SHOULD compare numerically": `05` is 5.
        fc.pre(typeof value !== "number" || Number(other) !== value);
        const message = call({ a: value });
        expect(passes(message, { ...routing, "mcp-param-a": String(other) })).toBe(false);
        expect(passes(message, { ...routing, "mcp-param-a": sentinel(base64(String(other))) })).toBe(false);
      }),
      runs(500),
    );
  });
});

describe("checkOrigin", () => {
  const BASE = "https://gateway.example.com";
  const origin = (headers: Headers) => {
    try {
      checkOrigin(headers, BASE);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolRefusal);
      expect((error as ProtocolRefusal).status).toBe(403);
      return false;
    }
  };

  test("lets pass its own origin or none, and no other", () => {
    const other = fc.oneof(
      fc.webUrl(),
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom(
        "null",
        "",
        `${BASE}/`,
        `${BASE}.evil.example`,
        "http://gateway.example.com",
        `${BASE}:8443`,
        "*",
      ),
    );
    fc.assert(
      fc.property(other, (value) => {
        expect(origin({ host: "gateway.example.com", origin: value })).toBe(value === BASE);
      }),
      runs(500),
    );
    expect(origin({ host: "gateway.example.com" })).toBe(true);
    expect(origin({ host: "gateway.example.com", origin: BASE })).toBe(true);
  });

  test("lets pass its own host and no other", () => {
    const other = fc.oneof(
      fc.domain(),
      fc.constantFrom("gateway.example.com.evil.example", "evil.example", "127.0.0.1", ""),
    );
    fc.assert(
      fc.property(other, (host) => {
        expect(origin({ host })).toBe(false);
      }),
      runs(300),
    );
  });
});
