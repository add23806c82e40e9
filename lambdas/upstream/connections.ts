import { isIP } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { type Whereabouts, whyRefused } from "./addresses.ts";
import { checkedLookup, type Resolve, refusedAddress } from "./checked-lookup.ts";

/** What a TLS connection is made with beside Node's defaults. */
export type TlsMaterial = Pick<SecureContextOptions, "ca" | "cert" | "key">;

export interface ConnectionOptions {
  readonly whereabouts: Whereabouts;
  /** Milliseconds of silence until an exchange fails. */
  readonly silence: number;
  /** Asked for at each new connection, so that what rotates is picked up; the same value means that nothing changed. Undefined: Node's defaults. */
  readonly tls: (() => Promise<TlsMaterial>) | undefined;
  /** @default the system's own */
  readonly resolve?: Resolve | undefined;
}

/** Milliseconds until a connection must stand. */
const CONNECT_TIMEOUT = 5000;

/** The connections to one server, shared with no other: what it is trusted by, and where it may be, hold for it alone. */
export function connectionsTo({ whereabouts, silence, tls, resolve }: ConnectionOptions): Dispatcher {
  const connectWith = (material: TlsMaterial) =>
    buildConnector({ ...material, timeout: CONNECT_TIMEOUT, lookup: checkedLookup(whereabouts, resolve) });
  let made = { material: {}, connect: connectWith({}) };
  const connect: buildConnector.connector = (options, callback) => {
    // A literal address is never looked up.
    const reason = isIP(options.hostname) === 0 ? undefined : whyRefused(options.hostname, whereabouts);
    if (reason !== undefined) return callback(refusedAddress(reason), null);
    if (tls === undefined) return made.connect(options, callback);
    tls().then(
      (material) => {
        if (material !== made.material) made = { material, connect: connectWith(material) };
        made.connect(options, callback);
      },
      (cause) => callback(cause, null),
    );
  };
  // A short keep-alive: a pooled connection that the server closed meanwhile would fail a call that never ran.
  return new Agent({ headersTimeout: silence, bodyTimeout: silence, connect, keepAliveTimeout: 2000 });
}
