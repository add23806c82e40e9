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
      if (data.length > largest) throw tooLarge(largest);
      // An event without data primes a resumption; there is no message in it (2025-11-25, transports). Nor is there one in
      // an event of another name: clients take no notice of those.
      const isMessage = data !== "" && (event === undefined || event === "message");
      if (isMessage || id !== undefined || retry !== undefined)
        ready.push({ ...(isMessage ? { text: data } : {}), frame: { id, retry } });
      retry = undefined;
    },
    onRetry: (interval) => {
      retry = interval;
    },
  });
  const text = decoder();
  const lines = lineReader();
  let pending = 0;
  for await (const chunk of body) {
    pending += chunk.byteLength;
    parser.feed(lines.read(text.decode(chunk, { stream: true })));
    if (ready.length === 0) {
      if (pending > largest) throw tooLarge(largest);
      continue;
    }
    pending = 0;
    const together = ready;
    ready = [];
    yield together;
  }
  // The server's wish for a pause may be the last thing it says.
  if (retry !== undefined) ready.push({ frame: { retry } });
  if (ready.length > 0) yield ready;
}

const FIELD = /^(?:data|event|id|retry)(?::|$)/;

/**
 * Hands an event stream to the parser in whole lines, ended by LF, and without what carries nothing. The parser waits
 * for the byte behind a CR, and takes seconds for megabytes of unknown fields or of a line without an end.
 */
function lineReader() {
  let open: string[] = [];
  let afterReturn = false;
  const known = (line: string) => line === "" || FIELD.test(line);
  return {
    /** A last line without an end is no line (WHATWG HTML, server-sent events). */
    read(chunk: string): string {
      // The LF of a CRLF that was cut in two ends no second line.
      const text = (afterReturn && chunk.startsWith("\n") ? chunk.slice(1) : chunk).replace(/\r\n?/g, "\n");
      if (chunk !== "") afterReturn = chunk.endsWith("\r");
      const end = text.lastIndexOf("\n");
      if (end === -1) {
        open.push(text);
        return "";
      }
      const whole = `${open.join("")}${text.slice(0, end)}`;
      open = [text.slice(end + 1)];
      const kept = whole.split("\n").filter(known);
      return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
    },
  };
}

const decoder = () => new TextDecoder("utf-8", { fatal: true });
const tooLarge = (largest: number) => new UpstreamFailure(`sent a message of more than ${largest} bytes`, true);
