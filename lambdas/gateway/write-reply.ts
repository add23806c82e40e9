import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Reply } from "./reply.ts";

/** Writes a reply into the stream that Lambda gave. @throws Error when a body breaks off; Lambda then breaks off as well */
export async function writeReply({ status, headers, body }: Reply, given: awslambda.HttpResponseStream): Promise<void> {
  const out = awslambda.HttpResponseStream.from(given, { statusCode: status, headers });
  // Status and headers go out with the first `write`, also of nothing; an `end` leaves them out (aws-lambda-ric 3.3.0,
  // createResponseStream). A stream may end without one event, or stay silent for long: its head goes ahead.
  out.write(typeof body === "string" ? body : "");
  if (typeof body !== "string") return pipeline(Readable.from(body), out);
  // Lambda waits itself until everything is sent.
  out.end();
}
