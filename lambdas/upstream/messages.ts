import { createParser, type EventSourceMessage } from "eventsource-parser";
import { type ServerMessage, UpstreamFailure } from "../domain/upstream/answer.ts";

/** The one message of a JSON body. */
export async function* jsonMessage(body: AsyncIterable<Uint8Array>, largest: number): AsyncGenerator<ServerMessage> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > largest) throw tooLarge(largest);
    chunks.push(chunk);
  }
  yield { text: decoder().decode(Buffer.concat(chunks)) };
}

/** The messages of an event stream, each as soon as it is whole. */
export async function* eventMessages(body: AsyncIterable<Uint8Array>, largest: number): AsyncGenerator<ServerMessage> {
  const ready: EventSourceMessage[] = [];
  let retry: number | undefined;
  const parser = createParser({
    onEvent: (event) => ready.push(event),
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
    for (let event = ready.shift(); event !== undefined; event = ready.shift()) {
      pending = 0;
      // An event without data primes a resumption; there is no message in it (2025-11-25, transports).
      if (event.data !== "") yield { text: event.data, frame: { id: event.id, event: event.event, retry } };
      retry = undefined;
    }
  }
}

const decoder = () => new TextDecoder("utf-8", { fatal: true });
const tooLarge = (largest: number) => new UpstreamFailure(`sent a message of more than ${largest} bytes`, true);
