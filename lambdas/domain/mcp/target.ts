import type { Subject } from "../policy/question.ts";
import { INVALID_PARAMS } from "./constants.ts";
import type { ClientMessage } from "./message.ts";
import { ProtocolRefusal } from "./refusal.ts";

const NAMED = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "resources/subscribe": "uri",
  "resources/unsubscribe": "uri",
} as const;

/**
 * What a message is aimed at: a tool's or prompt's name, a resource's URI, or nothing.
 *
 * @throws ProtocolRefusal -32602 when a method that names something does not
 */
export function targetOf(message: ClientMessage): string {
  const key = NAMED[message.method as keyof typeof NAMED];
  if (key === undefined) return "";
  const value = message.params[key];
  if (typeof value !== "string" || value === "")
    throw new ProtocolRefusal(400, INVALID_PARAMS, `"params.${key}" must be a text`, message.id);
  return value;
}

/** The thing that policy is asked about. */
export function subjectOf(server: string, message: ClientMessage): Subject {
  const target = targetOf(message);
  switch (message.method) {
    case "tools/call":
      return { kind: "tool", server, name: target };
    case "prompts/get":
      return { kind: "prompt", server, name: target };
    default:
      return target === "" ? { kind: "server", server } : { kind: "resource", server, uri: target };
  }
}
