/** How a server's event was framed; kept, so that a client can resume as the server intends. */
export interface SseFrame {
  readonly id?: string;
  readonly event?: string;
  readonly retry?: number;
}

/** One whole message of a server. */
export interface ServerMessage {
  readonly text: string;
  /** Set when the message came as a server-sent event. */
  readonly frame?: SseFrame;
}

/** What a server answers to one POST. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly kind: "json" | "stream" | "empty";
  /** `Mcp-Session-Id` of a legacy server. */
  readonly sessionId: string | undefined;
  /** Whole messages, in order; throws UpstreamFailure. */
  readonly messages: AsyncIterable<ServerMessage>;
}

/** A server that did not answer as the protocol asks. */
export class UpstreamFailure extends Error {
  override readonly name = "UpstreamFailure";
  /** False only when it is certain that no byte of the call reached the server. */
  readonly sent: boolean;

  /** @param message a verb phrase that follows the server's name, such as "did not answer in 60 s" */
  constructor(message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.sent = sent;
  }
}

/** The gateway's way to the servers. */
export interface Upstream {
  /** Posts one message, once, never again. */
  post(message: UpstreamRequest): Promise<UpstreamAnswer>;
}

export interface UpstreamRequest {
  readonly server: string;
  readonly body: string;
  /** Headers of the client that belong to MCP; names in lower case. Never its token. */
  readonly headers: Readonly<Record<string, string>>;
}
