import type { Json } from "../json/json.ts";
import { HEADER_MISMATCH, INVALID_PARAMS, META_PROTOCOL_VERSION, MODERN_REVISION, OWN_CODE } from "./constants.ts";
import { type ClientMessage, isObject } from "./message.ts";
import { ProtocolRefusal } from "./refusal.ts";
import { targetOf } from "./target.ts";

/** Methods whose target is mirrored in Mcp-Name. */
const NAMED_IN_HEADER = ["tools/call", "prompts/get", "resources/read"];

/** Whether `Mcp-Name` means something for a method, and so was compared with its message. */
export const isNamedInHeader = (method: string): boolean =>
  NAMED_IN_HEADER.includes(method) || method.startsWith("tasks/");

/** Headers that mirror arguments which a tool's schema marks with `x-mcp-header`. */
export const PARAM_PREFIX = "mcp-param-";

/** Request headers with names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Refuses a request that was meant for another host, or comes from another site's page (2025-11-25, transports,
 * "Security Warning": DNS rebinding). Programs send no `Origin`; pages of other sites have no business here.
 *
 * @param base URL of this gateway, as clients reach it
 * @throws ProtocolRefusal with HTTP 403
 */
export function checkOrigin(headers: Headers, base: string): void {
  const { host, origin } = new URL(base);
  const refuse = (what: string): never => {
    throw new ProtocolRefusal(403, OWN_CODE.foreignOrigin, `${what}; this gateway is ${origin}`);
  };
  if (headers.host !== undefined && headers.host.toLowerCase() !== host) refuse("the Host header names another host");
  if (headers.origin !== undefined && headers.origin !== origin) refuse("the Origin header names another site");
}

/**
 * Compares the routing headers of 2026-07-28 with the body: whoever decides on one and forwards the other can be
 * fooled. Legacy messages must not claim a modern revision in the header.
 *
 * @throws ProtocolRefusal -32020, or -32602 where the body lacks what the header says, with HTTP 400 (2026-07-28,
 *   transports, "Server Validation")
 */
export function checkHeaders(message: ClientMessage, headers: Headers): void {
  const version = headers["mcp-protocol-version"];
  const refuse = (what: string): never => {
    throw new ProtocolRefusal(400, HEADER_MISMATCH, what, message.id);
  };
  if (message.era === "legacy") {
    // What the body lacks is a missing parameter; a mismatch needs two values (2026-07-28, basic, "Request metadata").
    if (version === MODERN_REVISION)
      throw new ProtocolRefusal(
        400,
        INVALID_PARAMS,
        `MCP-Protocol-Version says ${MODERN_REVISION} but the body has no _meta["${META_PROTOCOL_VERSION}"]`,
        message.id,
      );
    return;
  }
  const meta = isObject(message.params._meta) ? message.params._meta : {};
  if (version !== meta[META_PROTOCOL_VERSION]) refuse("MCP-Protocol-Version is missing or differs from the body");
  if (decodeHeader(headers["mcp-method"]) !== message.method) refuse("Mcp-Method is missing or differs from the body");
  const name = headers["mcp-name"];
  if (NAMED_IN_HEADER.includes(message.method)) {
    if (decodeHeader(name) !== targetOf(message)) refuse("Mcp-Name is missing or differs from the body");
  } else if (name !== undefined && message.method.startsWith("tasks/")) {
    const decoded = decodeHeader(name);
    if (decoded === undefined || decoded !== message.params.taskId) refuse("Mcp-Name differs from the body's taskId");
  }
  const param = strayParam(message, headers);
  if (param !== undefined) refuse(`${param} holds what no argument holds`);
}

/**
 * The name of an `Mcp-Param-*` header whose value no argument has. Which argument it mirrors is written in the tool's
 * schema, so the server has the last word; but a value from nowhere would let it route on what policy never saw.
 */
function strayParam({ params }: ClientMessage, headers: Headers): string | undefined {
  const names = Object.keys(headers).filter((name) => name.startsWith(PARAM_PREFIX));
  if (names.length === 0) return undefined;
  const held = scalars(params.arguments ?? null);
  const texts = new Set(held.map(String));
  const numbers = new Set(held.filter((value) => typeof value === "number"));
  return names.find((name) => {
    const said = decodeHeader(headers[name]);
    const number = said === undefined ? undefined : numberIn(said);
    return said === undefined || !(texts.has(said) || (number !== undefined && numbers.has(number)));
  });
}

/** Every scalar somewhere in a value. Messages nest at most `DEEPEST` deep. */
function scalars(value: Json): (string | number | boolean)[] {
  if (isObject(value)) return Object.values(value).flatMap(scalars);
  if (typeof value !== "object") return [value];
  return value === null ? [] : value.flatMap(scalars);
}

/** Whether a header says what an argument holds: `42.0` is 42 (2026-07-28, transports, "Custom headers"). */
export const mirrors = (said: string, value: Json | undefined): boolean =>
  said === String(value ?? "") || (typeof value === "number" && numberIn(said) === value);

/** The number that a header writes out in decimals, and in no other way: a server may read only those. */
const numberIn = (said: string) => (/^-?\d+(?:\.\d+)?$/.test(said) ? Number(said) : undefined);

/** `Mcp-Param-*` of a message, for its record: decoded where they can be. */
export const paramHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(PARAM_PREFIX) && value !== undefined ? [[name, decodeHeader(value) ?? value]] : [],
    ),
  );

/**
 * The text of a header. Values outside ASCII travel as `=?base64?...?=` (2026-07-28, transports); undefined when that
 * form holds no proper base64 of UTF-8. Blanks around a value are no part of it (RFC 9110 section 5.5).
 */
export function decodeHeader(raw: string | undefined): string | undefined {
  // Anything else has to travel encoded (2026-07-28, transports, "Value encoding").
  if (raw === undefined || !/^[\t\x20-\x7e]*$/.test(raw)) return undefined;
  // Among these characters `trim` knows the two blanks of HTTP alone.
  const value = raw.trim();
  const encoded = value.match(/^=\?base64\?(.*)\?=$/)?.[1];
  if (encoded === undefined) return value;
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.toString("base64") !== encoded) return undefined;
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}
