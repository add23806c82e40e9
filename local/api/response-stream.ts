import type { ServerResponse } from "node:http";
import { Writable } from "node:stream";
import { type ProxyHead, writeHead } from "./response-head.ts";

/** What API Gateway answers when a function's stream does not begin with status and headers. */
const MALFORMED: ProxyHead = { statusCode: 502, headers: { "content-type": "application/json" } };

/**
 * The stream that Lambda hands to a streaming handler. Chunks go out as they are written. A client that leaves is hidden
 * from the handler, as Lambda hides it: writes then succeed and go nowhere.
 */
export class LambdaResponseStream extends Writable {
  #prelude: ProxyHead = { statusCode: 200, headers: { "content-type": "application/octet-stream" } };
  /** A head waits for the first `write`; an `end`, with a text or without, does not send it (aws-lambda-ric 3.3.0). */
  #headWaits = false;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    super();
    this.#response = response;
  }

  setContentType(type: string): void {
    this.#prelude = { ...this.#prelude, headers: { "content-type": type } };
  }

  /** Status and headers, which go out before the first chunk. */
  setPrelude(prelude: ProxyHead): void {
    this.#prelude = prelude;
    this.#headWaits = true;
  }

  override write(
    chunk: unknown,
    encoding?: BufferEncoding | ((error: Error | null | undefined) => void),
    done?: (error: Error | null | undefined) => void,
  ): boolean {
    this.#headWaits = false;
    return typeof encoding === "function" ? super.write(chunk, encoding) : super.write(chunk, encoding ?? "utf8", done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#gone()) {
      done();
      return;
    }
    this.#begin();
    if (this.#headWaits || this.#response.write(chunk)) {
      done();
      return;
    }
    const go = () => {
      this.#response.off("drain", go).off("close", go);
      done();
    };
    this.#response.on("drain", go).on("close", go);
  }

  override _final(done: () => void): void {
    if (!this.#gone()) {
      this.#begin();
      this.#response.end(this.#headWaits ? '{"message":"Internal server error"}' : undefined);
    }
    done();
  }

  #begin(): void {
    if (this.#response.headersSent) return;
    writeHead(this.#response, this.#headWaits ? MALFORMED : this.#prelude);
  }

  #gone(): boolean {
    return this.#response.destroyed || this.#response.closed;
  }
}

/** Puts a stand-in for Lambda's `awslambda` in place, which Middy and handlers find as a global. */
export function installAwsLambda(): void {
  const standIn = {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: {
      from: (stream: LambdaResponseStream, prelude: ProxyHead) => {
        stream.setPrelude(prelude);
        return stream;
      },
    },
  };
  Object.assign(globalThis, { awslambda: standIn });
}
