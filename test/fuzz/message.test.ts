import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStrict } from "../../lambdas/domain/json/strict.ts";
import { type ClientMessage, DEEPEST, readClientMessage } from "../../lambdas/domain/mcp/message.ts";
import { ProtocolRefusal } from "../../lambdas/domain/mcp/refusal.ts";
import { argumentsOf, extrasOf, subjectsOf, targetOf } from "../../lambdas/domain/mcp/target.ts";
import { jsonText, mutated, readValue } from "./support/json-text.ts";
import { anyJson, lookalike, type Sample, sample, VERSION_KEY } from "./support/messages.ts";
import { runs } from "./support/runs.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** The message, or its refusal; anything else thrown is a crash. */
function read(body: Uint8Array): { message: ClientMessage } | { refusal: ProtocolRefusal } {
  try {
    return { message: readClientMessage(body) };
  } catch (error) {
    if (error instanceof ProtocolRefusal) return { refusal: error };
    throw error;
  }
}

/** What every refusal must be: HTTP 400, a code of JSON-RPC 2.0 section 5.1, an id that the message has, or none. */
function wellRefused(refusal: ProtocolRefusal, json?: unknown): void {
  expect(refusal.status).toBe(400);
  expect([-32700, -32600, -32602]).toContain(refusal.code);
  if (json === undefined) return;
  const id = typeof json === "object" && json !== null && "id" in json ? json.id : null;
  if (refusal.id !== null) expect(refusal.id).toBe(id);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether the specification (2026-07-28 and 2025-11-25, basic, "Messages"; JSON-RPC 2.0) knows this as one message of a
 * client: the oracle, written without a look at the reader.
 */
function isMessage(json: unknown): boolean {
  if (!isObject(json) || json.jsonrpc !== "2.0") return false;
  const has = (name: string) => Object.hasOwn(json, name);
  const idFits = typeof json.id === "string" || Number.isInteger(json.id);
  if (has("id") && !idFits) return false;
  // MCP narrows JSON-RPC: a result is an object, as an error is (2025-11-25, basic, "Responses").
  if (!has("method")) return has("id") && has("result") !== has("error") && isObject(json.result ?? json.error);
  if (typeof json.method !== "string" || json.method === "") return false;
  if (has("params") && !isObject(json.params)) return false;
  // The notifications of MCP are named so, and nothing else is.
  return has("id") !== json.method.startsWith("notifications/");
}

describe("readClientMessage", () => {
  test("reads every message of every kind and era, byte for byte", () => {
    const blank = fc.constantFrom("", " ", "\n", "\r\n\t");
    fc.assert(
      fc.property(sample, blank, fc.constantFrom(0, 2), ({ kind, era, json }: Sample, edge, indent) => {
        const text = edge + JSON.stringify(json, null, indent) + edge;
        const seen = read(bytes(text));
        if ("refusal" in seen) throw seen.refusal;
        const { message } = seen;
        expect(message.text).toBe(text);
        expect([message.kind, message.era, message.id, message.method]).toEqual([
          kind,
          era,
          json.id ?? null,
          json.method ?? "",
        ]);
        if (kind !== "response") expect(isDeepStrictEqual(message.params, json.params ?? {})).toBe(true);
      }),
      runs(1500),
    );
  });

  test("accepts exactly what the specification knows as a message", () => {
    // A message of two kinds at once has a test of its own.
    const oneKind = lookalike.filter((json) => !("method" in json && ("result" in json || "error" in json)));
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: oneKind }, anyJson), (json) => {
        const text = JSON.stringify(json);
        const seen = read(bytes(text));
        expect("message" in seen, text).toBe(isMessage(readValue(text)));
        if ("refusal" in seen) wellRefused(seen.refusal, json);
      }),
      runs(3000),
    );
  });

  test("a batch is refused whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            sample.map(({ json }) => json),
            anyJson,
          ),
          { maxLength: 3 },
        ),
        (batch) => {
          expect(read(bytes(JSON.stringify(batch)))).toMatchObject({
            refusal: { status: 400, code: -32600, id: null },
          });
        },
      ),
      runs(300),
    );
  });

  test("messages with one place changed are refused, or are the message that JSON.parse sees", () => {
    fc.assert(
      fc.property(mutated(sample.map(({ json }) => JSON.stringify(json))), (changed) => {
        const text = changed.toWellFormed();
        const seen = read(bytes(text));
        if ("refusal" in seen) return wellRefused(seen.refusal);
        const json = readValue(text);
        expect(isMessage(json), text).toBe(true);
        expect(seen.message.text).toBe(text);
      }),
      runs(2000),
    );
  });

  test("bytes changed anywhere never crash it, and what is not UTF-8 is refused", () => {
    const change = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sample, change, fc.nat(), fc.boolean(), ({ json }, changes, cut, whole) => {
        const body = bytes(JSON.stringify(json));
        for (const [place, byte] of changes) body[place % body.length] = byte;
        const seen = read(whole ? body : body.subarray(0, cut % body.length));
        if ("refusal" in seen) return wellRefused(seen.refusal);
        // Decoded leniently and written again the bytes are the same: they are UTF-8.
        expect(Buffer.from(Buffer.from(body).toString("utf8")).equals(body)).toBe(true);
      }),
      runs(2000),
    );
  });

  test("UTF-8 that is cut, overlong, of surrogates or beyond Unicode is refused", () => {
    const bad = fc.constantFrom("c3", "e282", "f09f98", "c080", "e08080", "eda080", "edbfbf", "f4908080", "ff", "80");
    fc.assert(
      fc.property(sample, bad, fc.nat(), ({ json }, hex, place) => {
        const body = bytes(JSON.stringify({ ...json, extra: "~" }));
        const at = body.indexOf(0x7e, place % body.length) === -1 ? body.lastIndexOf(0x7e) : body.indexOf(0x7e);
        const wrong = Buffer.concat([body.subarray(0, at), Buffer.from(hex, "hex"), body.subarray(at + 1)]);
        expect(read(wrong)).toMatchObject({ refusal: { code: -32700, id: null } });
      }),
      runs(300),
    );
  });

  test("a name twice is refused at any depth, in any spelling", () => {
    const names = fc.constantFrom("a", "name", "__proto__", "constructor", "é", "😀", "");
    const escaped = (name: string) =>
      name.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const path = fc.array(fc.constantFrom('{"x":', "["), { maxLength: 50 });
    fc.assert(
      fc.property(names, path, fc.boolean(), (name, wrap, disguised) => {
        const twice = `{"${name}":1,"z":2,"${disguised ? escaped(name) : name}":3}`;
        const inner =
          wrap.join("") +
          twice +
          wrap
            .toReversed()
            .map((open) => (open === "[" ? "]" : "}"))
            .join("");
        const seen = read(bytes(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"p":${inner}}}`));
        expect(seen).toMatchObject({ refusal: { code: -32700 } });
      }),
      runs(300),
    );
  });

  test("of any JSON in odd spellings it is as strict as readStrict", () => {
    fc.assert(
      fc.property(jsonText, (value) => {
        // Half a surrogate pair has no UTF-8, so only its escaped spelling can arrive.
        const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":${value.toWellFormed()}}}`;
        let strict = true;
        try {
          readStrict(text, { depth: DEEPEST });
        } catch {
          strict = false;
        }
        expect("message" in read(bytes(text)), text).toBe(strict);
      }),
      runs(1000),
    );
  });

  test("one message of two kinds is refused: parsers differ in which one they see", () => {
    const outcome = fc.constantFrom({ result: {} }, { error: { code: 1, message: "x" } });
    fc.assert(
      fc.property(
        sample.filter(({ kind }) => kind !== "response"),
        outcome,
        ({ json }, more) => {
          const text = JSON.stringify({ ...json, ...more });
          expect(read(bytes(text)), text).toMatchObject({ refusal: { code: -32600 } });
        },
      ),
      runs(100),
    );
  });

  // Go's encoding/json takes "Method" and "paramſ" for "method" and "params", the last one winning: CVE-2026-27896 in
  // the Go SDK before 1.3.1, and the same in gateways. Policy would decide on one call and the server run another.
  test("a member that differs from one of the protocol only in case is refused", () => {
    const disguises = fc.constantFrom(
      { Method: "tools/call" },
      { METHOD: "tools/call" },
      { Params: { name: "delete_everything" } },
      { "param\u017f": { name: "delete_everything" } },
      { ID: 2 },
      { Jsonrpc: "2.0" },
    );
    fc.assert(
      fc.property(disguises, (disguise) => {
        const text = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", params: {}, ...disguise });
        expect(read(bytes(text)), text).toMatchObject({ refusal: { status: 400 } });
      }),
      runs(50),
    );
  });

  test("so is one inside params, where the target and the arguments stand", () => {
    const disguises = fc.constantFrom(
      { Name: "delete_everything" },
      { NAME: "delete_everything" },
      { Arguments: { all: true } },
      { "argument\u017f": { all: true } },
      { _Meta: { [VERSION_KEY]: "2026-07-28" } },
    );
    fc.assert(
      fc.property(disguises, (disguise) => {
        const params = { name: "list_roles", arguments: {}, ...disguise };
        const text = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
        expect(read(bytes(text)), text).toMatchObject({ refusal: { status: 400 } });
      }),
      runs(50),
    );
  });
});

describe("what policy is asked about", () => {
  // nodejs/node#63785: after the first message V8 reads "ar\\u0067uments" as the name that begins like it. Policy and
  // risk then see no arguments, the record and the approver neither, and a server on another engine runs them.
  test("does not depend on the messages that came before", () => {
    const call = (member: string, value: string) =>
      bytes(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"unseen":0,"name":"run","${member}":${value}}}`);
    read(call("ar\\\\u0067u", "1"));
    const seen = read(call("ar\\u0067uments", '{"command":"aws iam create-role"}'));
    if ("message" in seen) expect(argumentsOf(seen.message)).toEqual({ command: "aws iam create-role" });
  });

  test("is found in any message, or the message is refused", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          sample.map(({ json }) => json),
          lookalike,
        ),
        (json) => {
          const seen = read(bytes(JSON.stringify(json)));
          if ("refusal" in seen) return;
          const { message } = seen;
          try {
            const target = targetOf(message);
            const subjects = subjectsOf("ops", message);
            for (const subject of subjects) expect(subject).toMatchObject({ server: "ops" });
            if (message.method === "tools/call")
              expect(subjects).toEqual([{ kind: "tool", server: "ops", name: target }]);
            expect(typeof target).toBe("string");
            argumentsOf(message);
            extrasOf(message);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolRefusal);
            expect(error).toMatchObject({ status: 400, code: -32602, id: message.id });
          }
        },
      ),
      runs(1500),
    );
  });
});
