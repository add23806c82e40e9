import { Agent, request } from "undici";
import { approving } from "../../support/approving.ts";
import { eventsOf, legacy, modern, type Sent } from "../../support/gateway.ts";
import type { Message } from "../../support/scripted-server.ts";
import { refusalIn, type Sort, sortOf, type Told } from "./answers.ts";
import type { EmulatorWatch } from "./emulator-watch.ts";
import type { LoadStack } from "./stack.ts";
import type { Tally } from "./tally.ts";
import type { LoadServer, Wish } from "./upstream.ts";

/** Milliseconds after which an answer counts as one that never comes: the longest call eight times, for a busy machine. */
const DEADLINE = 120_000;
/** Sign-ins of one developer: each is a session, and a partition of the ledger, of its own. */
const SIGN_INS = 4;

export interface Asking extends Pick<Sent, "body" | "headers" | "method" | "token"> {
  readonly server?: string;
  /** Ends the request from the client's side. */
  readonly leave?: AbortSignal;
}

/** What was heard, and the session that it opened. */
export type Answered = Told & { readonly session?: string };

export interface CallOf {
  readonly era?: "legacy" | "modern";
  readonly tool?: string;
  readonly token?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly session?: string;
  readonly leave?: AbortSignal;
}

/** What a crowd comes to. */
export interface Scene {
  readonly stack: LoadStack;
  readonly upstream: LoadServer;
  readonly tally: Tally;
  readonly emulator: EmulatorWatch;
}

/** Everybody who asks something of the gateway, and what they know. */
export async function gatherCrowd({ stack, upstream, tally, emulator }: Scene, random: () => number) {
  let dispatcher = new Agent();
  let developers: string[] = [];
  let refused: string[] = [];
  let oncall = "";
  let desk = approving({ stack });
  const of = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  const send = async ({
    server = "load",
    body,
    headers = {},
    method = "POST",
    token,
    leave,
  }: Asking): Promise<Answered> => {
    const patience = AbortSignal.timeout(DEADLINE);
    const answer = await request(`${stack.publicUrl}/mcp/${server}`, {
      method,
      headers: {
        ...(token === "" ? {} : { authorization: `Bearer ${token ?? of(developers)}` }),
        accept: method === "GET" ? "text/event-stream" : "application/json, text/event-stream",
        ...(method === "POST" ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
      dispatcher,
      signal: leave === undefined ? patience : AbortSignal.any([patience, leave]),
    });
    const text = await answer.body.text();
    const isStream = answer.headers["content-type"] === "text/event-stream";
    const parts = isStream ? eventsOf(text).map(({ data }) => data) : [text];
    const messages = parts.filter((part) => part !== "").map((part) => JSON.parse(part) as Message);
    const session = answer.headers["mcp-session-id"];
    return { status: answer.statusCode, text, messages, ...(typeof session === "string" ? { session } : {}) };
  };

  return {
    stack,
    upstream,
    tally,
    emulator,
    random,
    of,
    send,
    /** A developer's token. */
    token: () => of(developers),
    get oncall() {
      return oncall;
    },
    get desk() {
      return desk;
    },
    /** Tokens that are to be refused. */
    get refused() {
      return refused;
    },
    /** Everybody signs in, again where they did before: no token outlives an hour. */
    async signIn() {
      developers = await Promise.all(Array.from({ length: SIGN_INS }, () => stack.token("developer", "mcp")));
      oncall = await stack.token("oncall", "mcp");
      refused = Object.values(await stack.oddTokens(developers[0] ?? ""));
      desk = approving({ stack });
    },
    /** Calls a tool of the server `load`, and keeps what was heard. */
    async call(wish: Wish, { era, tool = "read_config", token, meta, more, session, leave }: CallOf = {}) {
      const id = Math.floor(random() * 1e9);
      const params = { name: tool, arguments: wish, ...(meta === undefined ? {} : { _meta: meta }), ...more };
      const make = (era ?? of(["legacy", "modern"])) === "legacy" ? legacy : modern;
      const { body, headers } = make("tools/call", params, id);
      const told = await send({
        body,
        headers: session === undefined ? headers : { ...headers, "mcp-session-id": session },
        ...(token === undefined ? {} : { token }),
        ...(leave === undefined ? {} : { leave }),
      });
      const sort: Sort = sortOf(told, id);
      tally.heard.push({ name: wish.name, sort, call: refusalIn(told.messages.at(-1))?.call });
      return { sort, told };
    },
    /** Everybody hangs up. */
    async hangUp() {
      const before = dispatcher;
      dispatcher = new Agent();
      await before.destroy();
    },
  };
}

export type Crowd = Awaited<ReturnType<typeof gatherCrowd>>;
