import { createServer, type IncomingMessage } from "node:http";
import { closeServer, listen } from "../../local/port.ts";
import { pass } from "./pass.ts";

/** A proxy on loopback that signs a client in which cannot do so itself. */
export interface Shim {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Passes everything on as it comes, in both directions, with a token added.
 *
 * A `Host` or `Origin` that names the shim is made to name the gateway, as if the client had called it there. Any other
 * one is kept: whether a foreign one is refused is for the gateway to show.
 *
 * @param gateway origin of the gateway
 */
export async function startShim(gateway: string, token: string): Promise<Shim> {
  const target = new URL(gateway);
  const server = createServer((request, response) =>
    pass(request, response, { to: new URL(request.url ?? "/", gateway), headers: headersFor(request) }),
  );
  const host = `127.0.0.1:${await listen(server)}`;
  const headersFor = ({ headers }: IncomingMessage) => ({
    ...headers,
    ...(headers.host === host ? { host: target.host } : {}),
    ...(headers.origin === `http://${host}` ? { origin: target.origin } : {}),
    authorization: `Bearer ${token}`,
  });
  return { origin: `http://${host}`, stop: () => closeServer(server) };
}
