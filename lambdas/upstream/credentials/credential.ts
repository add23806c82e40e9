import type { SecureContextOptions } from "node:tls";
import type { UpstreamRequest } from "../../domain/upstream/answer.ts";

/** The request that a credential is for; SigV4 signs all of it. */
export interface Unsigned extends Pick<UpstreamRequest, "method" | "body" | "onBehalfOf"> {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the gateway shows a server with one request. */
export interface Presented {
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Asked when the server answered 401: what may be shown instead. Undefined when there is nothing else, or when the
   * server was shown something else a moment ago already.
   */
  readonly another?: () => Promise<Presented | undefined>;
}

/** By which the gateway identifies itself in TLS. */
export type ClientCertificate = Pick<SecureContextOptions, "cert" | "key">;

/** How the gateway identifies itself to one server. */
export interface Credential {
  /** @throws UpstreamFailure, not sent, that names the step which failed and never holds a secret */
  present(request: Unsigned): Promise<Presented>;
  /** The client's certificate for a new connection; the same object until it changes. Undefined: none is shown. */
  readonly certificate?: () => Promise<ClientCertificate>;
}
