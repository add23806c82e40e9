import { Writable } from "node:stream";
import { announce } from "../../part.ts";

/** Loads the bundle in a process that has loaded nothing of it, and answers one call: what a cold environment does. */
let status = 0;
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: {
      from: (stream: Writable, prelude: { readonly statusCode: number }) => {
        status = prelude.statusCode;
        return stream;
      },
    },
  },
});
const pieces: Buffer[] = [];
const sink = new Writable({
  write: (piece: Buffer, _encoding, done) => {
    pieces.push(piece);
    done();
  },
});
const event = JSON.parse(process.env.BENCH_EVENT ?? "");

const begun = performance.now();
const { handler } = await import(process.env.BENCH_HANDLER ?? "");
const loaded = performance.now();
await handler(event, sink, {});
const answered = performance.now();

announce({
  loadMs: loaded - begun,
  callMs: answered - loaded,
  status,
  text: Buffer.concat(pieces).toString(),
});
