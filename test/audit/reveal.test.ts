import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { signedIn } from "../approvals/support/desk.ts";
import { type AuditRoom, FORBIDDEN, openAuditRoom } from "./support/audit-room.ts";

let room: AuditRoom;
beforeAll(async () => {
  room = await openAuditRoom();
}, 60_000);
afterAll(() => room?.stop());
beforeEach(() => room.tables.mend());

const HOUR = 3_600_000;
const span = () => ({
  from: new Date(Date.now() - HOUR).toISOString(),
  to: new Date(Date.now() + HOUR).toISOString(),
});
const revealsOf = async (...ids: string[]) =>
  (await room.records("transcript.revealed")).filter(({ revealed }) => ids.includes(revealed ?? ""));
const responses = (body: { originals: { response: string }[] }) => body.originals.map(({ response }) => response);
const saying = (secret: string) => JSON.stringify({ result: { text: `before ${secret} after` } });

describe("one record", () => {
  test("is shown after it was recorded who saw it, and under which request the forensic key opened it", async () => {
    const line = await room.masked("one", "s3cret-one");
    await room.archive(line);
    const operations = room.watch();
    const { status, body } = await room.reveal({ record: line.record.id });
    expect(status).toBe(200);
    expect(responses(body)).toEqual([saying("s3cret-one")]);
    expect(body).toMatchObject({ next: null, covers: null, withheld: 0 });
    expect(await revealsOf(line.record.id)).toMatchObject([
      {
        id: body.originals[0].recordedAs,
        session: "one",
        call: line.record.call,
        outcome: "revealed",
        reason: "looking into it",
        principal: { id: "company|auditor" },
      },
    ]);
    const [opened] = await room.records("seal.opened");
    expect(opened).toMatchObject({ target: line.record.id, session: expect.stringMatching(/^opening-[\w-]{20,}$/) });
    const told = operations.filter((operation) => ["PutItem", "Decrypt"].includes(operation));
    // What was revealed, the key's use, and the record of that: the first put may be the lane's opening.
    expect(told.slice(-3)).toEqual(["PutItem", "Decrypt", "PutItem"]);
  });

  test("costs the objects that can hold it, whatever else the hour holds", async () => {
    const lines = [await room.masked("many", "a"), await room.masked("many", "b"), await room.masked("many", "c")];
    for (const line of lines) await room.archive(line);
    const operations = room.watch();
    const { body } = await room.reveal({ record: lines[1]?.record.id });
    expect(responses(body)).toEqual([saying("b")]);
    // Its hour's list, and the one object.
    expect(operations.filter((operation) => operation === "")).toHaveLength(2);
  });

  test("that is too large for one answer comes in pieces that make it whole", async () => {
    const secret = `${'"quoted" '.repeat(150_000)}end`;
    const line = await room.masked("large", secret);
    await room.archive(line);
    const pieces: string[] = [];
    for (let begin: string | undefined = "0"; begin !== undefined; ) {
      const { status, body } = await room.reveal({ record: line.record.id, begin });
      expect(status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(JSON.stringify(body)))).toBeLessThan(6_000_000);
      pieces.push(body.originals[0].response);
      begin = body.next ?? undefined;
    }
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(saying(secret));
    expect(await revealsOf(line.record.id)).toHaveLength(pieces.length);
    const among = await room.reveal({ session: "large" });
    expect(among.body.originals).toMatchObject([{ response: null, tooLarge: expect.any(Number) }]);
  });

  test("that nobody archived is not found, and that somebody asked is recorded", async () => {
    const id = "01JG0000000000000000000001";
    expect(await room.reveal({ record: id })).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await revealsOf(id)).toMatchObject([{ outcome: "not-found" }]);
  });
});

describe("a session", () => {
  test("is shown from the ledger, record by record, and those with nothing masked are only counted", async () => {
    const lines = [
      await room.masked("story", "first"),
      await room.plain("story"),
      await room.masked("story", "second"),
    ];
    await room.masked("another story", "not this");
    const { body } = await room.reveal({ session: "story" });
    expect(responses(body)).toEqual([saying("first"), saying("second")]);
    expect(body.covers.records).toBe(2);
    const told = await revealsOf(...lines.map(({ record }) => record.id));
    expect(told.map(({ session, target }) => [session, target])).toEqual([
      ["story", "session story"],
      ["story", "session story"],
    ]);
  });

  test("opens a content key once, however many originals it sealed", async () => {
    for (const secret of ["x1", "x2", "x3"]) await room.masked("one key", secret);
    const operations = room.watch();
    expect((await room.reveal({ session: "one key" })).body.originals).toHaveLength(3);
    expect(operations.filter((operation) => operation === "Decrypt")).toHaveLength(1);
  });

  test("of more than fifty originals comes in pages that leave none out", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 53; at += 1) ids.push((await room.masked("long", `n${at}`)).record.id);
    const first = await room.reveal({ session: "long" });
    expect(first.body.originals).toHaveLength(50);
    const second = await room.reveal({ session: "long", begin: first.body.next });
    expect(second.body.next).toBeNull();
    const shown = [...first.body.originals, ...second.body.originals].map(({ record }) => record);
    expect(shown).toEqual(ids);
  });

  test("that the ledger forgot is found in the archive, when a time is named", async () => {
    const line = await room.masked("old", "long ago");
    await room.archive(line, await room.masked("other", "not this"));
    const { body } = await room.reveal({ session: "old", ...span() });
    expect(responses(body)).toEqual([saying("long ago")]);
    expect(await room.reveal({ session: "forgotten" })).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining("say --from and --to") },
    });
  });

  test("leaves out the record that a policy forbids, says so, and opens nothing of it", async () => {
    await room.masked("mixed", "fine");
    await room.masked("mixed", "never", FORBIDDEN);
    const { body } = await room.reveal({ session: "mixed" });
    expect(responses(body)).toEqual([saying("fine")]);
    expect(body.withheld).toBe(1);
    expect(await revealsOf(FORBIDDEN)).toEqual([]);
  });
});

describe("a search", () => {
  test("shows what holds the text behind its mask, however it was escaped, and nothing else", async () => {
    const here = await room.masked("search a", "key-4711");
    const escaped = await room.masked("search b", 'say "key-4711"\nloud');
    const other = await room.masked("search c", "key-0815");
    await room.archive(here, other, escaped, await room.plain("search d"));
    const { body } = await room.reveal({ search: "key-4711", ...span() });
    expect(body.originals.map(({ record }: { record: string }) => record)).toEqual([here.record.id, escaped.record.id]);
    const quoted = await room.reveal({ search: '"key-4711"\nloud', ...span() });
    expect(quoted.body.originals).toMatchObject([{ record: escaped.record.id }]);
    expect(await revealsOf(other.record.id)).toEqual([]);
    const [told] = await revealsOf(here.record.id);
    const searches = (await room.records("transcript.revealed")).filter(({ outcome }) => outcome === "searched");
    expect(searches.map(({ id }) => `search ${id}`)).toContain(told?.target);
  });

  test("is recorded before the key opens anything; its text lies sealed and can be revealed", async () => {
    await room.archive(await room.masked("search e", "needle-99"));
    const operations = room.watch();
    await room.reveal({ search: "needle-99", ...span() });
    expect(operations.indexOf("PutItem")).toBeGreaterThan(-1);
    expect(operations.indexOf("PutItem")).toBeLessThan(operations.indexOf("Decrypt"));
    const all = await room.records("transcript.revealed", "seal.opened");
    expect(JSON.stringify(all)).not.toContain("needle-99");
    const search = all.filter(({ outcome }) => outcome === "searched").at(-1) as LedgerRecord;
    const { body } = await room.reveal({ session: search.session });
    expect(JSON.parse(body.originals[0].request)).toMatchObject({ search: "needle-99" });
  });

  test("that finds nothing says what it looked through", async () => {
    const { body } = await room.reveal({ search: "nowhere at all", ...span() });
    expect(body.originals).toEqual([]);
    expect(body.covers).toMatchObject({ records: expect.any(Number), from: expect.any(String) });
    expect(body.covers.records).toBeGreaterThan(3);
  });
});

describe("what is refused", () => {
  test("nobody but an auditor sees anything, and the attempt is recorded", async () => {
    const line = await room.masked("closed", "nothing for you");
    await room.archive(line);
    const operations = room.watch();
    const developer = signedIn("developer", "developers");
    for (const body of [{ record: line.record.id }, { session: "closed" }, { search: "nothing", ...span() }])
      expect(await room.reveal(body, developer)).toMatchObject({ status: 403 });
    expect(operations).not.toContain("Decrypt");
    const refused = (await room.records("access.refused")).map(({ revealed }) => revealed);
    expect(refused).toEqual([line.record.id, "closed", "search"]);
  });

  test("nothing is opened when it cannot be recorded", async () => {
    const line = await room.masked("unrecorded", "quiet");
    await room.archive(line);
    const operations = room.watch();
    // Whether the auditor is blocked, and the session's four shards are read; nothing is written any more.
    room.tables.cutAfter(5, (operation) => operation === "Query");
    expect(await room.reveal({ session: "unrecorded" })).toMatchObject({ status: 503 });
    expect(operations.filter((operation) => operation === "Query")).toHaveLength(5);
    expect(operations).not.toContain("Decrypt");
  });

  test.each<[string, object]>([
    ["nothing to look for", {}],
    ["two things at once", { record: "01JG0000000000000000000001", session: "s" }],
    ["a record that is no id", { record: "x" }],
    ["a search without a time", { search: "long enough" }],
    ["a search for next to nothing", { search: "ab", ...span() }],
    ["a time that ends before it begins", { session: "s", from: span().to, to: span().from }],
    ["more than a month", { session: "s", from: "2026-01-01T00:00:00Z", to: "2026-03-01T00:00:00Z" }],
    ["a place that no page named", { record: "01JG0000000000000000000001", begin: "-1" }],
    ["a reason that is none", { session: "s", reason: " " }],
  ])("%s", async (_, body) => {
    expect(await room.reveal(body)).toMatchObject({ status: 400, body: { code: "bad_request" } });
  });
});
