import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HoldRow } from "../../lambdas/aws/holds-table.ts";
import { textOf } from "../../lambdas/aws/ledger-item.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { keeps } from "../../lambdas/domain/evidence/hold.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { signedIn } from "../approvals/support/desk.ts";
import { forSteps, type HoldRoom, ONE as one, openHoldRoom, TWO as two } from "./support/hold-room.ts";

let room: HoldRoom;
beforeAll(async () => {
  room = await openHoldRoom();
}, 60_000);
afterAll(() => room?.desk.stop());

/** Records of some types; the table holds the manifest as well. */
async function recorded(...types: readonly string[]): Promise<LedgerRecord[]> {
  const { Items = [] } = await room.aws.dynamoDb.send(new ScanCommand({ TableName: "ledger" }));
  const records = Items.flatMap((item) => textOf(item) ?? []).map((text) => JSON.parse(text) as LedgerRecord);
  return records.filter(({ type }) => types.includes(type)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe("a legal hold on a session", () => {
  let id: string;
  let own: string;
  let foreign: string;

  test("is put on its objects in both vaults, their bodies, the digests and the keys, and on nothing else", async () => {
    const body = { text: null, key: "bodies/call-kept-request.gz", originalHash: "", originalBytes: 1, findings: [] };
    const large = { ...body, findingCount: 0, sealedHash: null };
    for (const name of ["bodies/call-kept-request.gz", "bodies/foreign.gz", "keys/k.json.gz"])
      await vault(room.environment, "masked").put(name, name);
    await vault(room.environment, "masked").put("digests/dt=2026-01-01/hh=05/digest.json.gz", "{}");
    own = await room.archive(await room.record("kept", { request: large }), await room.record("beside"));
    foreign = await room.archive(await room.record("other"));
    id = await room.putHold({ session: "kept" });
    expect(await room.held(own)).toEqual([false, false]);
    await room.run();
    expect(await room.held(own)).toEqual([true, true]);
    expect(await room.held(foreign)).toEqual([false, false]);
    expect(await room.isHeld("masked", "bodies/call-kept-request.gz")).toBe(true);
    expect(await room.isHeld("masked", "bodies/foreign.gz")).toBe(false);
    expect(await room.isHeld("masked", "digests/dt=2026-01-01/hh=05/digest.json.gz")).toBe(true);
    expect(await room.isHeld("masked", "keys/k.json.gz")).toBe(true);
    expect(await room.rowOf(id)).toMatchObject({ objects: 5, listedTo: null });
  });

  test("reaches what is archived later, also under an hour long gone", async () => {
    const later = await room.archive(await room.record("kept"));
    const old = "transcripts/dt=2026-01-02/hh=03/redriven.jsonl.gz";
    const { text } = await room.record("kept");
    await room.putBoth(old, `${text}\n`);
    const stored = { version: "", hash: "" };
    const entry = { key: old, records: 1, root: "", masked: stored, sealed: stored, writers: [] };
    await manifest(room.environment).note(entry, Date.now());
    await room.run();
    expect(await room.held(later)).toEqual([true, true]);
    expect(await room.held(old)).toEqual([true, true]);
    const { objects } = (await room.rowOf(id)) ?? {};
    await room.run();
    expect((await room.rowOf(id))?.objects, "a second run changes nothing").toBe(objects);
  });

  test("lists the whole archive anew when the holder slept longer than the manifest is kept", async () => {
    const missed = "transcripts/dt=2026-01-02/hh=04/missed.jsonl.gz";
    const { text } = await room.record("kept");
    await room.putBoth(missed, `${text}\n`);
    await room.run();
    expect(await room.held(missed)).toEqual([false, false]);
    await room.run(Date.now() + 26 * 24 * HOUR);
    expect(await room.held(missed)).toEqual([true, true]);
  });

  test("is lifted by two people, each of whom is recorded, and by no one person", async () => {
    expect((await room.lift(id, one)).body).toEqual({ id, status: "LIFT_ASKED" });
    expect(await room.lift(id, one)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/somebody else/) },
    });
    // The same human under another account is no second person.
    const again = { ...signedIn("auditor-one-b", "auditors"), person: one.person };
    expect((await room.lift(id, again)).status).toBe(403);
    await room.run();
    expect(await room.held(own), "asked is not lifted").toEqual([true, true]);
    expect((await room.lift(id, two)).body).toEqual({ id, status: "LIFTED" });
    expect((await room.lift(id, two)).status).toBe(409);
    expect(await recorded("hold.put", "hold.lift-asked", "hold.lifted")).toMatchObject([
      { type: "hold.put", target: `${id}: session kept`, reason: "case 17", principal: { id: one.id } },
      { type: "hold.lift-asked", principal: { id: one.id } },
      { type: "hold.lifted", reason: "closed", principal: { id: two.id } },
    ]);
  });

  test("leaves, once lifted, what another hold covers", async () => {
    const shared = await room.putHold({ session: "beside" });
    await room.run();
    expect(await room.held(own), "the object holds records of both sessions").toEqual([true, true]);
    expect(await room.isHeld("masked", "bodies/call-kept-request.gz"), "a body of the first alone").toBe(false);
    expect(await room.isHeld("masked", "keys/k.json.gz")).toBe(true);
    await room.lift(shared, one);
    await room.lift(shared, two);
    await room.run();
    expect(await room.held(own)).toEqual([false, false]);
    expect(await room.isHeld("masked", "keys/k.json.gz")).toBe(false);
  });
});

test("a hold on a principal and a time covers what fits both", async () => {
  const principal = { ...one, id: "company|suspect" };
  const mine = await room.archive(await room.record("by-suspect", { principal }));
  const others = await room.archive(await room.record("by-other", { principal: { ...one, id: "company|other" } }));
  const hour = (offset: number) => new Date(Date.now() + offset * HOUR).toISOString();
  await room.putHold({ principal: "company|suspect", from: hour(-1), until: hour(1) });
  const past = await room.putHold({ principal: "company|other", until: hour(-1) });
  await room.run();
  expect(await room.held(mine)).toEqual([true, true]);
  expect(await room.held(others)).toEqual([false, false]);
  expect((await room.rowOf(past))?.objects).toBeGreaterThanOrEqual(0);
});

test("a run without time left goes on where it ended", async () => {
  const key = await room.archive(await room.record("slow"));
  const id = await room.putHold({ session: "slow" });
  await room.run(Date.now(), forSteps(0));
  expect(await room.held(key)).toEqual([false, false]);
  expect(await room.rowOf(id)).toMatchObject({ listedTo: "", through: 0 });
  await room.run();
  expect(await room.held(key)).toEqual([true, true]);
});

test.each([
  ["nothing that bounds it", {}, /one of "session"/],
  ["a time that is none", { from: "yesterday" }, /"from" must be a time/],
  ["an end before its beginning", { from: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z" }, /must not be after/],
])("a hold with %s is refused", async (_, body, said) => {
  const answer = await room.desk.post("/holds", { as: one, body: { reason: "case 17", ...body } });
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(said) } });
});

test("whoever policy does not permit neither puts, lists nor lifts holds, and has left a record", async () => {
  const developer = signedIn("curious", "developers");
  expect((await room.desk.post("/holds", { as: developer, body: { session: "x", reason: "why not" } })).status).toBe(
    403,
  );
  expect((await room.desk.get("/holds", { as: developer })).status).toBe(403);
  expect((await room.lift("01KAHZ", developer)).status).toBe(403);
  const refused = await recorded("access.refused");
  expect(refused.filter(({ principal }) => principal?.id === developer.id)).toHaveLength(3);
});

test("a row that says it was lifted, but not by two people, goes on keeping", () => {
  const word = { id: "a", person: "a@example.test", name: "A", reason: "x", at: 1 };
  const row = { status: "LIFTED", liftAsked: word, lifted: word } as unknown as HoldRow;
  expect(keeps(row)).toBe(true);
  expect(keeps({ ...row, liftAsked: null })).toBe(true);
  expect(keeps({ ...row, lifted: { ...word, person: "b@example.test" } })).toBe(false);
});
