import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
import { Agent, request } from "undici";
import { listen } from "../../../local/port.ts";
import { announce } from "../../part.ts";

/** The least that can stand between a client and a server in Node: it pipes both ways and looks at nothing. */
const target = process.env.BENCH_TARGET ?? "";
const dispatcher = new Agent();
const server = createServer(async (incoming, response) => {
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const path = incoming.url ?? "/";
  const answer = await request(target + path, { method: "POST", headers, body: incoming, dispatcher });
  response.writeHead(answer.statusCode, { "content-type": String(answer.headers["content-type"]) });
  response.flushHeaders();
  await pipeline(answer.body, response);
});
server.requestTimeout = 0;
announce({ url: `http://127.0.0.1:${await listen(server)}` });
