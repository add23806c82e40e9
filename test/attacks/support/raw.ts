import { connect } from "node:net";

/** An HTTP answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends bytes that no client would write, and reads all that comes back until the other side is done.
 *
 * @param quiet milliseconds of silence after which nothing more is waited for
 * @returns every answer that came on the connection; none where it was closed without one
 */
export async function sendRaw(base: string, bytes: string | Buffer, quiet = 400): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(base);
  const text = await new Promise<string>((resolve, reject) => {
    // Each attempt from another address of this machine: refusals of one source are recorded one by one only up to ten a minute.
    sources = (sources + 1) % 250;
    const socket = connect({ host: hostname, port: Number(port), localAddress: `127.0.0.${sources + 2}` });
    let came = "";
    socket.setTimeout(10_000, () => socket.destroy());
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      came += chunk.toString("latin1");
      socket.setTimeout(quiet);
    });
    // The door may close while we are still writing what it has refused already.
    socket.on("error", (error: NodeJS.ErrnoException) =>
      ["ECONNRESET", "EPIPE"].includes(error.code ?? "") ? resolve(came) : reject(error),
    );
    socket.on("close", () => resolve(came));
  });
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part !== "")
    .map((part) => ({ status: Number(part.slice(9, 12)), text: part }));
}

let sources = 0;

/** Header lines, a blank one, and a body. */
export const http = (lines: readonly string[], body = "") => `${lines.join("\r\n")}\r\n\r\n${body}`;
