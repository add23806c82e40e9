import type { Caller } from "../identity/principal.ts";

/** How a server's event was framed; kept, so that a client can resume as the server intends. */
export interface SseFrame {
  readonly id?: string;
  readonly retry?: number;
}

/** One whole message of a server; without a text, an event that carries only its frame (it primes a resumption). */
export interface ServerMessage {
  readonly text?: string;
  /** Set when the message came as a server-sent event. */
  readonly frame?: SseFrame;
}

/** What a server answers to one request. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly kind: "json" | "stream" | "empty";
  /** `Mcp-Session-Id` of a legacy server. */
  readonly sessionId: string | undefined;
  /** Cookies it set, as `name=value`: behind a load balancer they lead back to the same instance. */
  readonly cookies: readonly string[];
  /** `Retry-After` beside a 429. */
  readonly retryAfter?: string | undefined;
  /** Whole messages in order; those that arrived together come together. Throws UpstreamFailure. */
  readonly messages: AsyncIterable<readonly ServerMessage[]>;
}

/** For whom a request is made. */
export interface OnBehalfOf {
  readonly caller: Caller;
  /** The caller's verified token. It goes to a token endpoint that exchanges it, where one is configured, and to no server. */
  readonly token: string;
}

/** What else there is to say of a failure. */
export interface FailureDetails extends ErrorOptions {
  /** The HTTP status by which the server refused; a client may need it to fall back or to open a new session. */
  readonly status?: number;
  /** `Retry-After` beside a 429. */
  readonly retryAfter?: string | undefined;
  /** The gateway gave up waiting: the server may be told so. */
  readonly gaveUp?: boolean;
  /** The connection broke, and nothing else was wrong: a client that takes the stream up again may get the rest. */
  readonly broke?: boolean;
}

/** A server that did not answer as the protocol asks. */
export class UpstreamFailure extends Error {
  override readonly name = "UpstreamFailure";
  /** False only when it is certain that no byte of the call reached the server. */
  readonly sent: boolean;
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly gaveUp: boolean;
  readonly broke: boolean;

  /** @param message a verb phrase that follows the server's name, such as "did not answer in 60 s" */
  constructor(
    message: string,
    sent: boolean,
    { status, retryAfter, gaveUp = false, broke = false, ...options }: FailureDetails = {},
  ) {
    super(message, options);
    this.sent = sent;
    this.status = status;
    this.retryAfter = retryAfter;
    this.gaveUp = gaveUp;
    this.broke = broke;
  }
}

/** The gateway's way to the servers. */
export interface Upstream {
  /**
   * Sends one request, once. Only one that the server refused with 401, and so has not applied (RFC 9110 section 15.5.2),
   * is sent once more, where there is another credential for it.
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
}

export interface UpstreamRequest {
  readonly server: string;
  readonly method: "POST" | "GET" | "DELETE";
  readonly body?: string;
  /** Headers of the client that belong to MCP; names in lower case. Never its token. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where the gateway speaks for itself. */
  readonly onBehalfOf?: OnBehalfOf;
  /** Milliseconds from now until the exchange is broken off, however lively the server. */
  readonly within: number;
  /** Breaks the exchange off; nothing of it is told to anybody any more. */
  readonly signal?: AbortSignal;
  /** Whether the server may be silent all that time: a stream for what it says unasked. */
  readonly mayIdle?: boolean;
}
