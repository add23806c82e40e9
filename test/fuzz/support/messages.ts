import fc from "fast-check";
import { memberName } from "./json-text.ts";

export const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
export const MODERN = "2026-07-28";

const text = fc.string({ unit: "grapheme", maxLength: 8 });
/** Names with everything a header cannot say as it is. */
export const targetName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("list_roles", "echo", "create role", "file:///a b", "=?base64?ZWNobw==?=") },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
  fc.string({ unit: "binary", minLength: 1, maxLength: 4 }).filter((name) => name.isWellFormed()),
  fc.constantFrom(" padded ", "line\r\nbreak", "nul\u0000", "\u00a0nbsp", "écho", "=?base64?***?=", "\ufeffbom", "\t"),
);
export const method = fc.oneof(
  fc.constantFrom(
    "tools/call",
    "tools/list",
    "prompts/get",
    "prompts/list",
    "resources/read",
    "resources/subscribe",
    "completion/complete",
    "initialize",
    "ping",
    "logging/setLevel",
    "tasks/get",
    "subscriptions/listen",
    "server/discover",
    "GET",
    "DELETE",
    "constructor",
    "__proto__",
    "toString",
    "rpc.discover",
  ),
  text.filter((name) => name !== "" && !name.startsWith("notifications/")),
);

const json = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e21, "", "2.0", "tools/call"),
    text,
    fc.array(tie("any"), { maxLength: 3 }),
    // Parsed, so that `__proto__` is a member like any other.
    fc.array(fc.tuple(memberName, tie("any")), { maxLength: 3 }).map((members) => Object.fromEntries(members)),
  ),
})).any;
export const anyJson = json;
const object = fc.array(fc.tuple(memberName, json), { maxLength: 3 }).map((members) => Object.fromEntries(members));

/** Params of a method, with its target where it has one, of an era. */
const paramsOf = (name: string, target: string, era: "modern" | "legacy", more: object) => ({
  ...more,
  ...(["tools/call", "prompts/get"].includes(name) ? { name: target } : {}),
  ...(name.startsWith("resources/") ? { uri: target } : {}),
  ...(era === "modern" ? { _meta: { [VERSION_KEY]: MODERN } } : { _meta: { progressToken: 1 } }),
});

export const id = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, 1e21, 1e300),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);
export const era = fc.constantFrom("modern" as const, "legacy" as const);

export interface Sample {
  readonly kind: "request" | "notification" | "response";
  readonly era: "modern" | "legacy";
  readonly json: Readonly<Record<string, unknown>> & { readonly params?: Readonly<Record<string, unknown>> };
}

const jsonrpc = "2.0";

/** Every kind of message that a client may send. */
export const request: fc.Arbitrary<Sample> = fc
  .record({ id, method, era, target: targetName, more: object })
  .map(({ id, method, era, target, more }) => ({
    kind: "request",
    era,
    json: { jsonrpc, id, method, params: paramsOf(method, target, era, more) },
  }));
const notification: fc.Arbitrary<Sample> = fc
  .record({
    name: fc.constantFrom("initialized", "cancelled", "progress", "roots/list_changed", ""),
    era,
    more: object,
  })
  .map(({ name, era, more }) => ({
    kind: "notification",
    era,
    json: { jsonrpc, method: `notifications/${name}`, params: paramsOf("", "", era, more) },
  }));
const response: fc.Arbitrary<Sample> = fc
  .record({ id, outcome: fc.constantFrom("result", "error"), value: object })
  .map(({ id, outcome, value }) => ({ kind: "response", era: "legacy", json: { jsonrpc, id, [outcome]: value } }));
/** Without params, which every kind may lack. */
const bare: fc.Arbitrary<Sample> = fc
  .record({ id, method })
  .map(({ id, method }) => ({ kind: "request", era: "legacy", json: { jsonrpc, id, method } }));

export const sample: fc.Arbitrary<Sample> = fc.oneof(request, request, notification, response, bare);

/** Anything that has the members of a message, with any values in them. */
export const lookalike = fc
  .record(
    {
      jsonrpc: fc.oneof({ weight: 6, arbitrary: fc.constant("2.0") }, json),
      id: fc.oneof(id, json),
      method: fc.oneof(method, fc.constantFrom("notifications/x"), json),
      params: fc.oneof(object, json),
      result: json,
      error: json,
      extra: json,
    },
    { requiredKeys: [] },
  )
  .map((message) => message as Readonly<Record<string, unknown>>);
