import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RevealOptions, reveal, revealed } from "../../bin/commands/reveal.ts";
import { closeServer, listen } from "../../local/port.ts";

type Ask = Record<string, string>;
/** What the API answers, by what it is asked. */
let answer: (ask: Ask) => { readonly status?: number; readonly body: object };
let asked: Ask[];
let url: string;
let stop: () => Promise<void>;

beforeEach(async () => {
  asked = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const ask = JSON.parse(Buffer.concat(pieces).toString()) as Ask;
    asked.push(ask);
    const { status = 200, body } = answer(ask);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  url = `http://127.0.0.1:${await listen(server)}`;
  stop = () => closeServer(server);
});
afterEach(() => stop());

const place = () => ({ environment: {}, maskedVault: "", url });
const RECORD = "01JG0000000000000000000001";
const COVERS = { records: 3, from: "2026-11-20T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" };
const original = (change: object = {}) => ({
  record: RECORD,
  recordedAs: "01JG0000000000000000000002",
  type: "call.completed",
  occurredAt: "2026-11-20T10:00:00.000Z",
  session: "s",
  call: "c",
  server: "ops",
  target: "read_config",
  request: null,
  response: '{"a":1}',
  tooLarge: null,
  ...change,
});
const page = (originals: readonly object[], change: object = {}) => ({
  body: { originals, withheld: 0, unopened: 0, covers: null, next: null, ...change },
});
async function collected(texts: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const text of texts) all.push(text);
  return all;
}
const show = (id: string | undefined, options: RevealOptions = {}) =>
  collected(revealed(place(), id, "why", options, "token"));

describe("what a terminal shows", () => {
  test("an original over lines of its own, with the record that was made first", async () => {
    answer = () => page([original()]);
    expect(await reveal(place(), RECORD, "why", "token")).toBe(
      [
        "2026-11-20T10:00:00.000Z  call.completed  ops read_config",
        `  record ${RECORD} of session s`,
        "  Recorded as 01JG0000000000000000000002 before this was shown.",
        "  response:",
        "    {",
        '      "a": 1',
        "    }",
      ].join("\n"),
    );
  });

  test.each([
    ["an escape sequence", "\u001b[2J"],
    ["a mark that turns the order round", "\u202e"],
    ["what shows as nothing", "\u200b"],
  ])("never %s of the original, in text or JSON", async (_, wild) => {
    for (const response of [`{"a":"${JSON.stringify(wild).slice(1, -1)}"}`, `no JSON ${wild}`]) {
      answer = () => page([original({ response, target: wild, session: wild })]);
      for (const json of [true, false]) expect((await show(RECORD, { json })).join("\n")).not.toContain(wild);
    }
  });

  test("numbers and repeated names as they came, where laying them out would lose them", async () => {
    const response = '{"n":9007199254740993,"n":1.0}';
    answer = () => page([original({ response })]);
    expect((await show(RECORD)).join("\n")).toContain(response);
  });

  test("that nothing was masked, or that an original is too large among others", async () => {
    answer = () => page([original({ response: null }), original({ response: null, tooLarge: 2_000_000 })]);
    const [one, other] = await show(RECORD);
    expect(one).toContain("the masked archive holds it whole");
    expect(other).toMatch(/2000000 bytes: too large/);
  });
});

describe("what is asked", () => {
  test("a record; and where there is none of that id, a session", async () => {
    const body = { code: "not_found", message: "no archived record has this id" };
    answer = ({ record }) => (record ? { status: 404, body } : page([original()], { covers: COVERS }));
    const [shown, covers] = await show(RECORD);
    expect(asked).toEqual([
      { record: RECORD, reason: "why" },
      { session: RECORD, reason: "why" },
    ]);
    expect(shown).toContain("read_config");
    expect(covers).toBe(`1 originals shown, of 3 records of the ledger between ${COVERS.from} and ${COVERS.to}.`);
  });

  test("page after page, with what was left out said at the end", async () => {
    answer = ({ begin }) =>
      begin === undefined
        ? page([original()], { covers: COVERS, next: "there", withheld: 1 })
        : page([original()], { covers: COVERS, unopened: 2 });
    const told = await show(undefined, { search: "needle", from: "2026-11-20", to: "2026-11-20" });
    expect(asked.map(({ begin }) => begin)).toEqual([undefined, "there"]);
    expect(asked[0]).toMatchObject({ from: "2026-11-20T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" });
    expect(told.at(-1)).toMatch(
      /^2 originals shown, of 6 records of the archive .*\nOnly what masking changed.*\n1 more .* forbids.*\n2 originals could not be opened/,
    );
  });

  test("the pieces of a large record are one original, and each of their records is named", async () => {
    answer = ({ begin = "0" }) =>
      page([original({ response: { "0": '{"a":', "5": '"b"}' }[begin], recordedAs: `r${begin}` })], {
        next: begin === "0" ? "5" : null,
      });
    const told = await show(RECORD);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/Recorded as r0, r5 before[\s\S]*\{\n {6}"a": "b"\n {4}\}$/);
  });

  test.each<[string, string | undefined, RevealOptions, RegExp]>([
    ["nothing", undefined, {}, /name a record or a session/],
    ["an id and a text", "s", { search: "text" }, /name a record or a session/],
    ["an end without a beginning", "s", { to: "2026-11-21" }, /--to needs --from/],
    ["no time", "s", { from: "yesterday" }, /--from yesterday is no time/],
  ])("%s is said before anything is asked", async (_, id, options, message) => {
    await expect(show(id, options)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });

  test("what somebody else must agree to first is told, with all that has to be said again", async () => {
    const id = "abcdefghijklmnopqrstuvwxyz";
    const message = `pending approval ${id}: somebody of the group "platform" must agree until 2026-11-21T10:00:00Z`;
    answer = () => ({ status: 409, body: { code: "approval_pending", message } });
    await expect(show("s")).rejects.toThrow(`${message}\nOnce they have, run the same again with the same reason.`);
    expect(asked, "it is no id of a record, so nothing else is tried").toHaveLength(1);
    const times = ["2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"];
    const wish = { search: "needle", from: "2026-11-20", to: "2026-11-20" };
    await expect(show(undefined, wish)).rejects.toThrow(
      `with the same reason, and --from ${times[0]} --to ${times[1]} --approval ${id}.`,
    );
    answer = () => page([original()], { covers: COVERS });
    await show(undefined, { ...wish, from: times[0] ?? "", to: times[1] ?? "", approval: id });
    expect(asked.at(-1)).toEqual({ search: "needle", reason: "why", approval: id, from: times[0], to: times[1] });
  });

  test("a refusal is told in the API's own word", async () => {
    answer = () => ({ status: 403, body: { code: "forbidden", message: "no policy permits you to reveal originals" } });
    await expect(show("s")).rejects.toThrow("no policy permits you to reveal originals");
  });
});
