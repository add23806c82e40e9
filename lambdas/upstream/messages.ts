import { createParser } from "eventsource-parser";
import { type ServerMessage, UpstreamFailure } from "../domain/upstream/answer.ts";

/** The one message of a JSON body. */
export async function* jsonMessage(
  body: AsyncIterable<Uint8Array>,
  largest: number,
): AsyncGenerator<readonly ServerMessage[]> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > largest) throw tooLarge(largest);
    chunks.push(chunk);
  }
  yield [{ text: decoder().decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)) }];
}

/** The messages of an event stream as soon as they are whole, those of one chunk together. */
export async function* eventMessages(
  body: AsyncIterable<Uint8Array>,
  largest: number,
): AsyncGenerator<readonly ServerMessage[]> {
  let ready: ServerMessage[] = [];
  let retry: number | undefined;
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      // An event without data primes a resumption; there is no message in it (2025-11-25, transports).
      ready.push({ ...(data === "" ? {} : { text: data }), frame: { id, event, retry } });
      retry = undefined;
    },
    onRetry: (interval) => {
      retry = interval;
    },
  });
  const text = decoder();
  let pending = 0;
  for await (const chunk of body) {
    pending += chunk.byteLength;
    if (pending > largest) throw tooLarge(largest);
    parser.feed(text.decode(chunk, { stream: true }));
    if (ready.length === 0) continue;
    pending = 0;
    const together = ready;
    ready = [];
    yield together;
  }
  // The server's wish for a pause may be the last thing it says.
  if (retry !== undefined) yield [{ frame: { retry } }];
}

const decoder = () => new TextDecoder("utf-8", { fatal: true });
const tooLarge = (largest: number) => new UpstreamFailure(`sent a message of more than ${largest} bytes`, true);
