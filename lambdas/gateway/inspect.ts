import type { Json } from "../domain/json/json.ts";
import { META_CLIENT_CAPABILITIES, TASKS_EXTENSION } from "../domain/mcp/constants.ts";
import { isObject } from "../domain/mcp/message.ts";
import { embeddedRequests, type ServerJson, type ServerRequest } from "../domain/mcp/server-message.ts";
import { type Decision, decideFromServer } from "../domain/policy/decide.ts";
import type { Subject } from "../domain/policy/question.ts";
import { Remembered } from "../domain/remembered.ts";
import { assess } from "../domain/risk/index.ts";
import { type Call, surroundingsOf } from "./call.ts";
import type { House } from "./house.ts";
import { shownName } from "./masked.ts";

/** Why something of a server may not reach this caller; undefined when it may. */
export type Objection = string | undefined;

/** Kinds of notices whose answer is kept; a server may talk about any number of resources. */
const MOST_KINDS = 500;
/** Longest name of such a kind, in characters of JSON: a server may make it as long as a message. */
const LONGEST_KIND = 1024;

/**
 * Looks at what a server says unasked. A notice carries no arguments that act, so one answer holds for all notices of
 * its kind in the exchange.
 */
export function inspector(call: Call, house: House) {
  const notices = new Remembered<string, Objection>(MOST_KINDS);

  const ask = ({ method, params }: ServerRequest, isRequest: boolean): Objection => {
    const { _meta, ...said } = params;
    const facts = { server: call.server, method, name: "", arguments: said };
    const labels = isRequest ? assess(facts, house.risks).map(({ risk }) => risk) : [];
    return objection(
      decideFromServer(
        call.caller.principal,
        subjectOf(call.server, { method, params }),
        {
          method,
          risks: [...new Set(labels)],
          arguments: said,
          ...surroundingsOf(call, house.now()),
          isRequest,
        },
        house.engine,
      ),
    );
  };

  return {
    /** A notification on its way to the client. */
    notice(notice: ServerRequest): Objection {
      const kind = JSON.stringify([notice.method, notice.params.uri ?? null]);
      if (notices.has(kind)) return notices.get(kind);
      const why = ask({ ...notice, params: uriOnly(notice.params) }, false);
      if (kind.length <= LONGEST_KIND) notices.set(kind, why);
      return why;
    },
    /** A request of the server to the client, alone or embedded in a result. */
    request: (request: ServerRequest): Objection => ask(request, true),
    /** The requests that a message embeds: one that may not be asked spoils the message. */
    embedded(json: ServerJson): Objection {
      const requests = embeddedRequests(json);
      if (requests === undefined) return "the server asked for something that cannot be read as a request";
      for (const request of requests) {
        const why = ask(request, true);
        if (why !== undefined) return `the server asked for ${shownName(call, request.method, house)}, and ${why}`;
      }
      return undefined;
    },
  };
}

const uriOnly = ({ uri }: ServerRequest["params"]): ServerRequest["params"] => (uri === undefined ? {} : { uri });

const objection = (decision: Decision): Objection => (decision.kind === "deny" ? decision.reason : undefined);

/** A notice about a resource is about that resource; all else is about the server. */
const subjectOf = (server: string, { method, params }: ServerRequest): Subject =>
  method === "notifications/resources/updated" && typeof params.uri === "string"
    ? { kind: "resource", server, uri: params.uri }
    : { kind: "server", server };

const RESULT_TYPES: readonly Json[] = ["complete", "input_required"];

/**
 * Whether a result of 2026-07-28 is of a type that its client can know: those of the revision, and `task` where the
 * client declared that extension. Older servers leave the type out (2026-07-28, basic, "Result types").
 */
export function knowsResultType({ message }: Call, result: Json | undefined): boolean {
  if (message.era === "legacy" || !isObject(result) || result.resultType === undefined) return true;
  if (RESULT_TYPES.includes(result.resultType)) return true;
  const meta = isObject(message.params._meta) ? message.params._meta : {};
  const capabilities = meta[META_CLIENT_CAPABILITIES];
  const extensions = isObject(capabilities) ? capabilities.extensions : undefined;
  return result.resultType === "task" && isObject(extensions) && extensions[TASKS_EXTENSION] !== undefined;
}
