import { Agent, request } from "undici";
import type { ServerConfig } from "../../lib/config/schema.ts";
import { type ServerMessage, type Upstream, type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import { eventMessages, jsonMessage } from "./messages.ts";

/** Milliseconds that a call may take in all, however lively its server: API Gateway and Lambda end at 15 minutes. */
const LONGEST_CALL = 13 * 60_000;

/** Failures of the connection's making: not one byte of the request has left. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

export interface UpstreamOptions {
  readonly servers: readonly ServerConfig[];
  /** The current text of a secret, by name. */
  readonly secret: (name: string) => Promise<string>;
  /** Seconds of silence until a call fails. */
  readonly timeout: number;
  /** Bytes of the largest message. */
  readonly largest: number;
}

/** Servers over streamable HTTP, each with its own credential. Redirects are not followed, requests are not repeated. */
export function httpUpstream({ servers, secret, timeout, largest }: UpstreamOptions): Upstream {
  const silence = timeout * 1000;
  // A short keep-alive: a pooled connection that the server closed meanwhile would fail a call that never ran.
  const dispatcher = new Agent({
    headersTimeout: silence,
    bodyTimeout: silence,
    connect: { timeout: 5000 },
    keepAliveTimeout: 2000,
  });
  const byName = new Map(servers.map((server) => [server.name, server]));

  return {
    async post({ server: name, body, headers }) {
      const server = byName.get(name);
      if (server === undefined) throw new UpstreamFailure("is not registered", false);
      const credential = await credentialHeader(server, secret);
      const answer = await request(server.url, {
        method: "POST",
        headers: { ...headers, ...credential },
        body,
        dispatcher,
        signal: AbortSignal.timeout(LONGEST_CALL),
      }).catch((cause) => {
        throw failureOf(cause, timeout);
      });
      const type = String(answer.headers["content-type"] ?? "")
        .split(";")[0]
        ?.trim()
        .toLowerCase();
      const { statusCode: status } = answer;
      // What nobody reads is drained, so that the connection can serve again, but not waited for: it may never end.
      const drain = () => void answer.body.dump().catch(() => undefined);
      const refuse = (why: string): never => {
        drain();
        throw new UpstreamFailure(why, true);
      };
      if (status >= 300 && status < 400)
        return refuse(`answered with a redirect (HTTP ${status}), which is not followed`);
      if (status === 401 || status === 403) return refuse(`refused the gateway's own credential (HTTP ${status})`);
      if (status >= 500) return refuse(`failed with HTTP ${status}`);
      const sessionId = answer.headers["mcp-session-id"];
      const common = { status, sessionId: typeof sessionId === "string" ? sessionId : undefined };
      if (status === 202 || status === 204) {
        drain();
        return { ...common, kind: "empty", messages: none() };
      }
      if (type === "text/event-stream")
        return { ...common, kind: "stream", messages: guarded(eventMessages(answer.body, largest), timeout) };
      if (type === "application/json")
        return { ...common, kind: "json", messages: guarded(jsonMessage(answer.body, largest), timeout) };
      return refuse(
        `answered HTTP ${status} with ${type ? `the content type ${JSON.stringify(type)}` : "no content type"}, which is neither JSON nor an event stream`,
      );
    },
  };
}

async function credentialHeader(
  server: ServerConfig,
  secret: UpstreamOptions["secret"],
): Promise<Record<string, string>> {
  const { credential } = server;
  if (credential.kind === "none") return {};
  try {
    return { [credential.header.toLowerCase()]: `${credential.prefix}${await secret(credential.secretName)}` };
  } catch (cause) {
    throw new UpstreamFailure("has no usable credential: its secret cannot be read", false, { cause });
  }
}

async function* none(): AsyncGenerator<ServerMessage> {}

/** Turns whatever breaks while a body is read into a failure that can be told to a client. */
async function* guarded(messages: AsyncIterable<ServerMessage>, timeout: number): UpstreamAnswer["messages"] {
  try {
    yield* messages;
  } catch (cause) {
    throw failureOf(cause, timeout);
  }
}

function failureOf(cause: unknown, timeout: number): UpstreamFailure {
  if (cause instanceof UpstreamFailure) return cause;
  const code = codeOf(cause);
  if (NOT_SENT.has(code)) return new UpstreamFailure("cannot be reached", false, { cause });
  if (cause instanceof Error && cause.name === "TimeoutError")
    return new UpstreamFailure(`did not end within ${LONGEST_CALL / 60_000} minutes`, true, { cause });
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT")
    return new UpstreamFailure(`was silent for ${timeout} s`, true, { cause });
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
    return new UpstreamFailure("sent something that is not UTF-8", true, { cause });
  return new UpstreamFailure("broke the connection", true, { cause });
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
