import { type Dispatcher, getSetCookies, Headers, request } from "undici";
import type { ServerConfig } from "../../lib/config/schema.ts";
import { type ServerMessage, type Upstream, type UpstreamAnswer, UpstreamFailure } from "../domain/upstream/answer.ts";
import { authorityOf } from "./authority.ts";
import type { Resolve } from "./checked-lookup.ts";
import { connectionsTo, type TlsMaterial } from "./connections.ts";
import type { Credential, Presented } from "./credentials/credential.ts";
import { deadline } from "./deadline.ts";
import { eventMessages, jsonMessage } from "./messages.ts";

/** Failures of the connection's making: not one byte of the request has left. */
const NOT_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  // A header that cannot be sent.
  "UND_ERR_INVALID_ARG",
  "EPROTO",
]);
/** A connection whose TLS did not come about has carried no request either. */
const TLS_FAILED = /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;
/** Statuses by which clients of MCP fall back, open a new session or send less; any other 4xx is the server's failure. */
const MEANT_FOR_CLIENTS: readonly number[] = [400, 404, 405, 406, 409, 413, 415, 422, 429];

export interface UpstreamOptions {
  readonly servers: readonly ServerConfig[];
  /** The current text of a secret, by name. */
  readonly secret: (name: string) => Promise<string>;
  /** How the gateway identifies itself to a server. */
  readonly credentials: (server: ServerConfig) => Credential;
  /** Seconds of silence until a call fails. */
  readonly timeout: number;
  /** Bytes of the largest message. */
  readonly largest: number;
  /** PEM text of private certificate authorities, by server. */
  readonly authorities: Readonly<Record<string, string>>;
  /** Whether servers may be on this very machine: only on a laptop. */
  readonly loopback: boolean;
  /** How names become addresses. @default the system's way */
  readonly resolve?: Resolve;
}

/** Servers over streamable HTTP, each with its own credential. Redirects are not followed, requests are not repeated but after a 401. */
export function httpUpstream(options: UpstreamOptions): Upstream {
  const { servers, credentials, timeout, largest } = options;
  const byName = new Map(
    servers.map((server) => {
      const credential = credentials(server);
      return [server.name, { url: new URL(server.url), credential, dispatcher: wayTo(server, credential, options) }];
    }),
  );

  return {
    async send({ server: name, method, body, headers, within, onBehalfOf, signal, mayIdle = false }) {
      const known = byName.get(name);
      if (known === undefined) throw new UpstreamFailure("is not registered", false);
      const { url, credential, dispatcher } = known;
      const unsigned = { url, method, headers, ...(body === undefined ? {} : { body }) };
      const presented = await credential.present(onBehalfOf === undefined ? unsigned : { ...unsigned, onBehalfOf });
      const failed = (cause: unknown) => failureOf(cause, { timeout, within });
      const end = deadline(within, signal);
      const options = {
        method,
        body: body ?? null,
        dispatcher,
        signal: end.signal,
        ...(mayIdle ? { headersTimeout: 0, bodyTimeout: 0 } : {}),
      };
      const ask = ({ headers: shown }: Presented) =>
        // What is not asked for must not come compressed (RFC 9110 section 12.5.3).
        request(url, { ...options, headers: { ...headers, ...shown, "accept-encoding": "identity" } }).catch(
          (cause) => {
            end.over();
            throw failed(cause);
          },
        );
      let answer = await ask(presented);
      if (answer.statusCode === 401 && presented.another !== undefined) {
        const other = await presented.another().catch(() => undefined);
        if (other !== undefined) {
          answer.body.dump().catch(() => undefined);
          answer = await ask(other);
        }
      }
      answer.body.once("close", end.over);
      const { statusCode: status } = answer;
      const type = contentType(answer.headers["content-type"]);
      const encoding = String(answer.headers["content-encoding"] ?? "identity");
      // What nobody reads is drained, so that the connection can serve again, but not waited for: it may never end.
      const drain = () => void answer.body.dump().catch(() => undefined);
      // What ends a session needs no body, so its type says nothing.
      const ended = method === "DELETE" && status < 300;
      const retryAfter = status === 429 ? whenAgain(answer.headers["retry-after"]) : undefined;
      const refused = ended ? undefined : refusalOf(status, type, retryAfter);
      if (refused === undefined && encoding !== "identity") {
        drain();
        throw new UpstreamFailure(
          `sent a body encoded as ${JSON.stringify(encoding)}, which it was not asked for`,
          true,
        );
      }
      if (refused !== undefined) {
        drain();
        throw refused;
      }
      const sessionId = answer.headers["mcp-session-id"];
      const common = {
        status,
        sessionId: typeof sessionId === "string" ? sessionId : undefined,
        cookies: cookiesOf(answer.headers["set-cookie"]),
        retryAfter,
      };
      if (ended || (type !== "text/event-stream" && (type === undefined || [202, 204, 205].includes(status)))) {
        drain();
        return { ...common, kind: "empty", messages: none() };
      }
      if (type === "text/event-stream")
        return { ...common, kind: "stream", messages: guarded(eventMessages(answer.body, largest), failed) };
      return { ...common, kind: "json", messages: guarded(jsonMessage(answer.body, largest), failed) };
    },
  };
}

/** The connections to a server, which are to where it may be, and trust whom it is vouched for by. */
function wayTo(
  server: ServerConfig,
  { certificate }: Credential,
  { secret, authorities, timeout, loopback, resolve }: UpstreamOptions,
): Dispatcher {
  return connectionsTo({
    whereabouts: { network: server.network, addresses: server.addresses, loopback },
    silence: timeout * 1000,
    tls: bothOf(authorityOf(server, authorities, secret), certificate),
    resolve,
  });
}

/** Whom the gateway trusts, and whom it says that it is; the same object until one of them changes. */
function bothOf(
  authority: (() => Promise<TlsMaterial>) | undefined,
  certificate: Credential["certificate"],
): (() => Promise<TlsMaterial>) | undefined {
  if (authority === undefined || certificate === undefined) return authority ?? certificate;
  let known: { readonly of: readonly TlsMaterial[]; readonly material: TlsMaterial } | undefined;
  return async () => {
    const [trusted, own] = [await authority(), await certificate()];
    if (known?.of[0] !== trusted || known.of[1] !== own)
      known = { of: [trusted, own], material: { ...trusted, ...own } };
    return known.material;
  };
}

/** What the gateway does not read. A status of 4xx is kept, because clients fall back or open a new session by it. */
function refusalOf(
  status: number,
  type: string | undefined,
  retryAfter: string | undefined,
): UpstreamFailure | undefined {
  if (status >= 300 && status < 400)
    return new UpstreamFailure(`answered with a redirect (HTTP ${status}), which is not followed`, true);
  if (status === 401 || status === 403)
    return new UpstreamFailure(`refused the gateway's own credential (HTTP ${status})`, true);
  if (status >= 500) return new UpstreamFailure(`failed with HTTP ${status}`, true);
  const readable = type === "text/event-stream" || type === "application/json";
  if (status >= 400) {
    if (!MEANT_FOR_CLIENTS.includes(status)) return new UpstreamFailure(`refused with HTTP ${status}`, true);
    return readable ? undefined : new UpstreamFailure(`refused with HTTP ${status}`, true, { status, retryAfter });
  }
  if (readable || [202, 204, 205].includes(status)) return undefined;
  const what = type === undefined ? "no content type" : `the content type ${JSON.stringify(type)}`;
  return new UpstreamFailure(`answered HTTP ${status} with ${what}, which is neither JSON nor an event stream`, true);
}

const contentType = (header: string | string[] | undefined) =>
  (Array.isArray(header) ? header[0] : header)?.split(";")[0]?.trim().toLowerCase() || undefined;

/** Seconds or a date (RFC 9110 section 10.2.3); anything else is not passed on. */
const whenAgain = (header: string | string[] | undefined) =>
  typeof header === "string" && /^(?:\d{1,9}|[A-Z][a-z]{2}, [\w :]{15,40})$/.test(header) ? header : undefined;

/** `name=value` of each cookie; where it may go is known already: to this server and nowhere else. */
function cookiesOf(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  const headers = new Headers();
  for (const line of [header].flat()) headers.append("set-cookie", line);
  return getSetCookies(headers).map(({ name, value }) => `${name}=${value}`);
}

async function* none(): AsyncGenerator<readonly ServerMessage[]> {}

/** Turns whatever breaks while a body is read into a failure that can be told to a client. */
async function* guarded(
  messages: UpstreamAnswer["messages"],
  failed: (cause: unknown) => UpstreamFailure,
): AsyncGenerator<readonly ServerMessage[]> {
  try {
    yield* messages;
  } catch (cause) {
    const failure = failed(cause);
    // Whatever became of the connection: the request has arrived.
    throw failure.sent ? failure : new UpstreamFailure("broke the connection", true, { cause, broke: true });
  }
}

function failureOf(cause: unknown, { timeout, within }: { timeout: number; within: number }): UpstreamFailure {
  if (cause instanceof UpstreamFailure) return cause;
  const code = codeOf(cause);
  if (NOT_SENT.has(code) || TLS_FAILED.test(code)) return new UpstreamFailure("cannot be reached", false, { cause });
  if (cause instanceof Error && cause.name === "TimeoutError")
    return new UpstreamFailure(`did not end within ${Math.ceil(within / 1000)} s`, true, { cause, gaveUp: true });
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT")
    return new UpstreamFailure(`was silent for ${timeout} s`, true, { cause, gaveUp: true });
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
    return new UpstreamFailure("sent something that is not UTF-8", true, { cause });
  return new UpstreamFailure("broke the connection", true, { cause, broke: true });
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
