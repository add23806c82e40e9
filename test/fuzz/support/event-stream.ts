import fc from "fast-check";

/** What an event stream says: the text of an event (none where it only primes), and its frame. */
export interface Said {
  readonly text?: string | undefined;
  readonly id?: string | undefined;
  readonly retry?: number | undefined;
}

/**
 * The oracle: "Interpreting an event stream" of the HTML standard, section 9.2.6, of the whole text at once. An event
 * keeps the reconnection time that was said since the event before; one said last of all stands alone.
 */
export function interpret(bytes: Uint8Array): Said[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const lines = text.split(/\r\n|\n|\r/);
  // What stands behind the last line ending is no line.
  lines.pop();
  const said: Said[] = [];
  let data: string[] = [];
  let id: string | undefined;
  let event: string | undefined;
  let retry: number | undefined;
  for (const line of lines) {
    if (line === "") {
      if (data.length > 0) {
        const joined = data.join("\n");
        // MCP's messages are events of no name or of "message"; any other name is not for its clients.
        const isMessage = joined !== "" && (event === undefined || event === "message");
        if (isMessage || id !== undefined || retry !== undefined)
          said.push({ text: isMessage ? joined : undefined, id, retry });
        retry = undefined;
      }
      data = [];
      id = undefined;
      event = undefined;
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    if (field === "event") event = value || undefined;
    if (field === "id" && !value.includes("\0")) id = value;
    if (field === "retry" && /^[0-9]+$/.test(value)) retry = Number.parseInt(value, 10);
  }
  if (retry !== undefined) said.push({ text: undefined, id: undefined, retry });
  return said;
}

const value = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "  two",
    ":",
    "data: x",
    "id: 1",
    "\ufeff",
    "é名😀",
    "\0",
    '{"jsonrpc":"2.0","id":1,"result":{}}',
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, "")),
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => text.toWellFormed().replaceAll(/[\r\n]/g, "")),
);
const line = (names: fc.Arbitrary<string>) =>
  fc.tuple(names, fc.constantFrom(": ", ":", ":  ", ""), value).map((parts) => parts.join(""));
const fields = line(fc.constantFrom("data", "data", "data", "event", "id", "", "dat", "Data", "data "));
const retryLine = fc.constantFrom(
  "retry: 10",
  "retry:0",
  "retry: 3000",
  "retry: x",
  "retry: -1",
  "retry: 1.5",
  "retry",
);
const blankLine = fc.constant("");

/** Lines of an event stream, many of them ends of events. */
const linesWith = (line: fc.Arbitrary<string>) => fc.array(line, { maxLength: 24 });
export const lines = linesWith(fc.oneof({ weight: 3, arbitrary: fields }, { weight: 2, arbitrary: blankLine }));
export const linesWithRetry = linesWith(fc.oneof(fields, retryLine, blankLine));

/** Joins lines with the endings that the standard has, each time another. */
export const ended = (source: fc.Arbitrary<string[]>, endings: readonly string[]) =>
  fc.tuple(source, fc.infiniteStream(fc.constantFrom(...endings)), fc.boolean()).map(([lines, ending, bom]) => {
    let text = bom ? "\ufeff" : "";
    let before = "";
    for (const line of lines) {
      let next: string = ending.next().value ?? "\n";
      // CR and LF side by side are one ending, so an empty line between them needs another.
      if (line === "" && before === "\r" && next === "\n") next = "\r\n";
      text += line + next;
      before = next;
    }
    return Buffer.from(text, "utf8");
  });

/** Bytes in chunks cut anywhere, also within a character or between CR and LF; some are empty. */
export function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  let from = 0;
  return places.map((to) => {
    const chunk = bytes.subarray(from, to);
    from = to;
    return chunk;
  });
}

export const cuts = fc.oneof(
  fc.array(fc.nat(), { maxLength: 12 }),
  // Byte by byte.
  fc.constant(Array.from({ length: 400 }, (_, at) => at)),
);
