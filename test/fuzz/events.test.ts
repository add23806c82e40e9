import { createParser, type EventSourceMessage } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UpstreamFailure } from "../../lambdas/domain/upstream/answer.ts";
import { sseEvent } from "../../lambdas/gateway/reply.ts";
import { eventMessages, jsonMessage } from "../../lambdas/upstream/messages.ts";
import { chunked, cuts, ended, interpret, lines, linesWithRetry, type Said } from "./support/event-stream.ts";
import { runs } from "./support/runs.ts";

const LARGEST = 1 << 20;

async function* feed(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** Everything that was read of a stream. */
async function readAll(chunks: Iterable<Uint8Array>, largest = LARGEST): Promise<Said[]> {
  const said: Said[] = [];
  for await (const together of eventMessages(feed(chunks), largest))
    for (const { text, frame } of together) said.push({ text, id: frame?.id, retry: frame?.retry });
  return said;
}

const ENDINGS = ["\n", "\r\n", "\r"];
/** A line ending of two characters at the very end keeps apart what has a test of its own. */
const closed = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("\n:\n")]);

describe("eventMessages", () => {
  test("reads any event stream in any chunks as the HTML standard does", async () => {
    await fc.assert(
      fc.asyncProperty(ended(lines, ENDINGS), cuts, async (bytes, at) => {
        const whole = closed(bytes);
        expect(await readAll(chunked(whole, at))).toEqual(interpret(whole));
      }),
      runs(1500),
    );
  });

  test("keeps a reconnection time with the event that it stands before, in any chunks", async () => {
    await fc.assert(
      fc.asyncProperty(ended(linesWithRetry, ENDINGS), cuts, async (bytes, at) => {
        const whole = closed(bytes);
        expect(await readAll(chunked(whole, at))).toEqual(interpret(whole));
      }),
      runs(1500),
    );
  });

  test("an event that is the end of the stream is not lost, whatever its line endings", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ENDINGS), cuts, async (ending, at) => {
        const whole = Buffer.from(`data: last${ending}${ending}`);
        expect((await readAll(chunked(whole, at))).map(({ text }) => text)).toEqual(["last"]);
      }),
      runs(60),
    );
  });

  test.each(ENDINGS)("an event with line endings %j comes before the next one begins", async (ending) => {
    let asked = 0;
    async function* slow(): AsyncGenerator<Uint8Array> {
      asked += 1;
      yield Buffer.from(`data: now${ending}${ending}`);
      asked += 1;
      yield Buffer.from(`: quiet${ending}`);
    }
    for await (const together of eventMessages(slow(), LARGEST)) {
      expect(together[0]?.text).toBe("now");
      expect(asked).toBe(1);
      return;
    }
    throw new Error("no message came");
  });

  test("without its blank line an event is none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), cuts, async (text, at) => {
        const unfinished = Buffer.from(`data: ${text.replaceAll(/[\r\n]/g, "")}\n`);
        expect(await readAll(chunked(unfinished, at))).toEqual([]);
      }),
      runs(100),
    );
  });

  test("bytes that are not UTF-8 are refused wherever they stand, also in a comment", async () => {
    const bad = fc.constantFrom("ff", "c320", "e28220", "f09f9820", "c080", "eda080", "f4908080");
    const place = fc.constantFrom("data: ", ": ", "id: ", "event: ", "");
    await fc.assert(
      fc.asyncProperty(ended(lines, ["\n"]), place, bad, cuts, async (before, field, hex, at) => {
        const whole = Buffer.concat([before, Buffer.from(field), Buffer.from(hex, "hex"), Buffer.from("\n\n")]);
        await expect(readAll(chunked(whole, at))).rejects.toMatchObject({ code: "ERR_ENCODING_INVALID_ENCODED_DATA" });
      }),
      runs(300),
    );
  });

  test("an event that grows beyond the limit is refused before much more has been read", async () => {
    const filler = fc.constantFrom("x", "é", ":", "data: x\n", "data\n", ":\n", "id: 1\n", "retry: 1\n");
    const limit = fc.integer({ min: 1024, max: 65_536 });
    await fc.assert(
      fc.asyncProperty(filler, limit, fc.integer({ min: 1, max: 4096 }), async (piece, largest, size) => {
        let given = 0;
        const chunk = Buffer.from(piece.repeat(Math.ceil(size / piece.length)));
        async function* endless(): AsyncGenerator<Uint8Array> {
          for (;;) {
            given += chunk.length;
            if (given > 4 * largest + 3 * chunk.length) throw new Error("it reads on and on");
            yield chunk;
          }
        }
        const read = (async () => {
          for await (const _ of eventMessages(endless(), largest)) throw new Error("there is no event in it");
        })();
        await expect(read).rejects.toBeInstanceOf(UpstreamFailure);
        expect(given).toBeLessThanOrEqual(largest + chunk.length);
      }),
      runs(150),
    );
  });

  test("small events are read however many come in one chunk", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), cuts, async (count, at) => {
        const whole = Buffer.from(`data: ${"x".repeat(50)}\n\n`.repeat(count));
        expect(await readAll(chunked(whole, at), 1024)).toHaveLength(count);
      }),
      runs(100),
    );
  });

  test("any bytes end in messages or in one of two refusals", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      ended(linesWithRetry, ["\n", "\r", "\r\n", "\n\r", "\0", ""]),
    );
    await fc.assert(
      fc.asyncProperty(bytes, cuts, async (body, at) => {
        try {
          await readAll(chunked(Buffer.from(body), at), 128);
        } catch (error) {
          if (!(error instanceof UpstreamFailure))
            expect(error).toMatchObject({ code: "ERR_ENCODING_INVALID_ENCODED_DATA" });
        }
      }),
      runs(1000),
    );
  });
});

describe("jsonMessage", () => {
  const text = async (chunks: Iterable<Uint8Array>, largest = LARGEST) => {
    const texts: (string | undefined)[] = [];
    for await (const together of jsonMessage(feed(chunks), largest)) texts.push(...together.map(({ text }) => text));
    return texts;
  };

  test("is one message, whatever the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), cuts, async (body, at) => {
        fc.pre(!body.startsWith("\ufeff"));
        expect(await text(chunked(Buffer.from(body), at))).toEqual([body]);
      }),
      runs(300),
    );
  });

  test("is refused over the limit, before more than one chunk beyond has been read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 2000 }), async (total, size) => {
        const chunks = chunked(
          Buffer.alloc(total, 0x20),
          Array.from({ length: total / size }, (_, at) => at * size),
        );
        const largest = 1500;
        if (total <= largest) expect((await text(chunks, largest))[0]).toHaveLength(total);
        else await expect(text(chunks, largest)).rejects.toBeInstanceOf(UpstreamFailure);
      }),
      runs(200),
    );
  });
});

describe("sseEvent", () => {
  /** The events of a text as another parser reads them. */
  function parsed(text: string): { events: EventSourceMessage[]; retries: number[] } {
    const events: EventSourceMessage[] = [];
    const retries: number[] = [];
    const parser = createParser({ onEvent: (event) => events.push(event), onRetry: (retry) => retries.push(retry) });
    parser.feed(text);
    return { events, retries };
  }

  // A server-sent event has no CR of its own: every line ending is read as LF.
  const asLines = (text: string) => text.replaceAll(/\r\n|\r/g, "\n");
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("", "\n", "\n\n", "\r", "\r\n\r\n", "data: x\n\nid: 9\n\n", ": c\n\n", " x", "\ufeffx", "\u2028"),
    fc.jsonValue().map((value) => JSON.stringify(value, null, 1)),
  );
  const inline = fc.oneof(
    fc.string({ unit: "binary", maxLength: 10 }).map((value) => value.replaceAll(/[\r\n\0]/g, "")),
    fc.constantFrom("1", " 2", "a:b", "é", "message", "error"),
  );
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

  test("says its text and its frame, and nothing else", () => {
    fc.assert(
      fc.property(text, optional(inline), optional(fc.nat()), (body, id, retry) => {
        const { events, retries } = parsed(sseEvent(body, { id, retry }));
        expect(events).toEqual([{ data: asLines(body), id, event: "message" }]);
        expect(retries).toEqual(retry === undefined ? [] : [retry]);
      }),
      runs(1500),
    );
  });

  test("what eventMessages reads, it writes the same", async () => {
    await fc.assert(
      fc.asyncProperty(ended(linesWithRetry, ENDINGS), async (bytes) => {
        const said = (await readAll([closed(bytes)])).filter(({ text }) => text !== undefined);
        const written = said.map(({ text = "", id, retry }) => sseEvent(text, { id, retry })).join("");
        const again = await readAll([Buffer.from(written)]);
        expect(again).toEqual(said);
      }),
      runs(500),
    );
  });

  test("a line ending or NUL in an id adds no field and no event", () => {
    const evil = fc
      .tuple(
        inline,
        fc.constantFrom("\n", "\r", "\r\n", "\0", "\n\n"),
        fc.constantFrom("data: evil", "id: 666", "retry: 1", ""),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(evil, (id) => {
        const { events, retries } = parsed(sseEvent("good", { id }));
        expect(events.map(({ data }) => data)).toEqual(["good"]);
        expect(events[0]?.id).not.toBe("666");
        expect(retries).toEqual([]);
      }),
      runs(200),
    );
  });

  test("a reconnection time that no client could read is left out", () => {
    fc.assert(
      fc.property(fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, 1e21, -1, 1.5), (retry) => {
        expect(sseEvent("x", { retry })).not.toMatch(/^retry:(?! ?[0-9]+$)/m);
      }),
      runs(20),
    );
  });
});
