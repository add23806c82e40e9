import { type Dispatcher, request } from "undici";
import { UpstreamFailure } from "../../domain/upstream/answer.ts";
import { noCredential } from "./no-credential.ts";

/** What is sent to a token endpoint. */
interface Sent {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** A form. */
  readonly body: URLSearchParams;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of the largest answer that is read. */
const LARGEST = 65_536;

/**
 * A `fetch` for token endpoints: over connections whose address is checked when they are made, without redirects, of
 * bytes as they come, and of no more of them than a token takes. A client's secret goes out with each request, and
 * a caller's token with some: whoever answers may neither choose where they go on to nor send a bomb.
 *
 * @param connections to the endpoint, and to nothing else
 */
export function guardedFetch(connections: Dispatcher): (url: string, sent: Sent) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const answer = await request(url, {
      dispatcher: connections,
      method,
      // What is not asked for must not come compressed (RFC 9110 section 12.5.3).
      headers: { ...headers, "accept-encoding": "identity" },
      body: body.toString(),
      signal: signal ?? null,
    }).catch((cause: unknown) => {
      throw cause instanceof UpstreamFailure ? noCredential(`its authorization server ${cause.message}`) : cause;
    });
    const { statusCode: status } = answer;
    const refuse = (what: string) => {
      // An answer that nobody reads may never end; it is not waited for.
      answer.body.dump().catch(() => undefined);
      throw noCredential(`its authorization server ${what}`);
    };
    if (status >= 300 && status < 400) refuse(`answered with a redirect (HTTP ${status}), which is not followed`);
    const encoding = [answer.headers["content-encoding"] ?? "identity"].flat().join();
    if (encoding !== "identity") refuse("sent an encoded body, which it was not asked for");
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
      bytes += piece.byteLength;
      if (bytes > LARGEST) throw noCredential("its authorization server sent more than a token");
      pieces.push(piece);
    }
    const type = [answer.headers["content-type"] ?? ""].flat().join();
    // Without the challenge of a 401, so that the body's own code is read.
    return new Response(status === 204 ? null : Buffer.concat(pieces), { status, headers: { "content-type": type } });
  };
}
