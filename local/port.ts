import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";

/**
 * Listens on loopback.
 *
 * @param port 0 for any free one
 * @returns the port
 * @throws Error that names the port when it is taken
 */
export async function listen(server: Server | NetServer, port = 0): Promise<number> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new Error(`Port ${port} is already taken on 127.0.0.1. Choose another one with --port, or leave it out.`);
  }
  return (server.address() as AddressInfo).port;
}

/**
 * A port nobody uses at this moment, for a child that must be told its port.
 *
 * @param wish 0 for any
 * @throws Error that names the port when it is taken
 */
export async function freePort(wish = 0): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, wish);
  probe.close();
  await once(probe, "close");
  return port;
}

/** Stops a server together with the connections that clients keep open. */
export async function closeServer(server: Server | NetServer, sockets?: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  server.close();
  if ("closeAllConnections" in server) server.closeAllConnections();
  for (const socket of sockets ?? []) socket.destroy();
  await once(server, "close");
}
