import type { Json } from "../json/json.ts";
import { HEADER_MISMATCH } from "./constants.ts";
import { decodeHeader, type Headers, mirrors, PARAM_PREFIX } from "./headers.ts";
import { type ClientMessage, isObject, type JsonObject } from "./message.ts";
import { ProtocolRefusal } from "./refusal.ts";

/** Deepest chain of properties that is followed to a declaration. */
const DEEPEST = 16;

/**
 * Compares the `Mcp-Param-*` headers that a tool's schema declares with the arguments they mirror (2026-07-28,
 * transports, "Custom headers"). A header that is missing is for the server to ask for; one that says something else than
 * its argument would let whoever routes by headers serve another call than the one decided on.
 *
 * @throws ProtocolRefusal -32020 with HTTP 400
 */
export function checkParamHeaders(message: ClientMessage, headers: Headers, inputSchema: Json | undefined): void {
  if (message.era === "legacy") return;
  for (const { header, path } of declared(inputSchema, [])) {
    const raw = headers[`${PARAM_PREFIX}${header.toLowerCase()}`];
    if (raw === undefined) continue;
    const said = decodeHeader(raw);
    const value = valueAt(message.params.arguments, path);
    if (said === undefined || !mirrors(said, value))
      throw new ProtocolRefusal(
        400,
        HEADER_MISMATCH,
        `Mcp-Param-${header} differs from the argument /${path.join("/")} that it mirrors`,
        message.id,
      );
  }
}

interface Declaration {
  readonly header: string;
  readonly path: readonly string[];
}

/** Declarations stand on properties that are reached by `properties` alone. */
function declared(schema: Json | undefined, path: readonly string[]): Declaration[] {
  if (!isObject(schema) || path.length > DEEPEST) return [];
  const header = schema["x-mcp-header"];
  const here = typeof header === "string" && path.length > 0 ? [{ header, path }] : [];
  const below = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return [...here, ...below.flatMap(([name, property]) => declared(property, [...path, name]))];
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let at = value;
  for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? (at as JsonObject)[name] : undefined;
  return at;
}
