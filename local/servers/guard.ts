import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Refuses every request that does not carry the gateway's own credential: nobody goes round the gateway. */
export function refuseStrangers(request: IncomingMessage, response: ServerResponse, secret: string): boolean {
  if (timingSafeEqual(digest(request.headers.authorization ?? ""), digest(`Bearer ${secret}`))) return false;
  request.resume();
  const body = { error: "unauthorized", message: "This server answers its gateway alone" };
  response.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify(body));
  return true;
}
