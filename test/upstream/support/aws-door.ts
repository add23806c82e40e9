import { createServer, request as httpRequest } from "node:http";
import { closeServer, listen } from "../../../local/port.ts";

/** One request to AWS that passed, and its answer. */
export interface Passed {
  readonly form: URLSearchParams;
  readonly answer: string;
}

/** Stands before the emulator and keeps what passes; it can be told to refuse, or to say nothing. */
export async function startAwsDoor(target: string) {
  const passed: Passed[] = [];
  let mood: "open" | "denied" | "silent" = "open";
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    if (mood === "silent") return;
    if (mood === "denied") {
      const error =
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized</Message></Error></ErrorResponse>";
      return void response.writeHead(403, { "content-type": "text/xml" }).end(error);
    }
    const { hostname, port } = new URL(target);
    const onward = httpRequest(
      { hostname, port, path: request.url, method: request.method, headers: request.headers },
      async (answer) => {
        const told: Buffer[] = [];
        for await (const piece of answer as AsyncIterable<Buffer>) told.push(piece);
        const text = Buffer.concat(told).toString();
        passed.push({ form: new URLSearchParams(Buffer.concat(pieces).toString()), answer: text });
        response.writeHead(answer.statusCode ?? 502, answer.headers).end(text);
      },
    );
    onward.end(Buffer.concat(pieces));
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    passed,
    feels(now: typeof mood) {
      mood = now;
    },
    async stop() {
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

/** The text of an element of an answer in XML. */
export const elementOf = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
