import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDesk, signedIn, type TestDesk } from "./support/desk.ts";

const one = signedIn("approver-one", "approvers");
const dana = signedIn("developer", "developers");
const MANY = 300;

interface Line {
  readonly id: string;
  readonly createdAt: string;
}

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.stop());

const page = async (as: typeof one, view: string, cursor?: string) =>
  (await desk.get("/approvals", { as, query: { view, ...(cursor === undefined ? {} : { cursor }) } })).body as {
    approvals: Line[];
    cursor: string | null;
  };

async function everyPage(as: typeof one, view: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const read = await page(as, view, cursor);
    lines.push(...read.approvals);
    cursor = read.cursor;
  }
  return lines;
}

describe("an inbox with hundreds pending", () => {
  const start = Date.now() - MANY * 10;
  let mine: string[] = [];
  beforeAll(async () => {
    for (let from = 0; from < MANY; from += 10)
      await Promise.all(
        Array.from({ length: 10 }, (_, at) => {
          const number = from + at;
          // Some of one moment, so that a page ends between them.
          const requester = signedIn(number % 10 === 0 ? "developer" : `d${number % 7}`, "developers");
          return desk.pending({ createdAt: start + Math.floor(number / 3) * 30, requester });
        }),
      );
    mine = (await desk.approvals.pendingOf(dana.id)).map(({ id }) => id);
  }, 120_000);

  test("opens with one query of the index, newest first, and goes on to the last", async () => {
    const before = desk.proxy.passed;
    expect((await page(one, "waiting")).approvals).toHaveLength(50);
    expect(desk.proxy.passed - before, "the block of who asks, and the list").toBe(2);
    const all = await everyPage(one, "waiting");
    expect(new Set(all.map(({ id }) => id)).size).toBe(MANY);
    expect(all).toHaveLength(MANY);
    const order = all.map(({ createdAt }) => createdAt);
    expect(order).toEqual(order.toSorted().toReversed());
  }, 60_000);

  test("shows each to whom it concerns", async () => {
    expect((await everyPage(dana, "mine")).map(({ id }) => id).toSorted()).toEqual(mine.toSorted());
    expect((await everyPage(dana, "all")).map(({ id }) => id).toSorted()).toEqual(mine.toSorted());
    expect(await everyPage(dana, "waiting")).toEqual([]);
    expect(await everyPage(signedIn("passer-by"), "all")).toEqual([]);
    expect(mine).toHaveLength(MANY / 10);
  }, 60_000);

  test("what I decided is among decided, in whatever state it is now", async () => {
    const ids: string[] = [];
    for (const verdict of ["approve", "deny"]) {
      const row = await desk.pending();
      await desk.decide(row.id, one, { verdict });
      ids.push(row.id);
    }
    const half = await desk.pending({ quorum: 2 });
    await desk.decide(half.id, one);
    const seen = (await everyPage(one, "decided")).map(({ id }) => id);
    expect(seen).toEqual([half.id, ...ids.toReversed()]);
    expect((await everyPage(one, "waiting")).map(({ id }) => id)).not.toContain(half.id);
    expect(await everyPage(signedIn("approver-two", "approvers"), "decided")).toEqual([]);
  }, 60_000);
});

test.each([
  ["a view that is none", { view: "everything" }],
  ["a cursor that is none", { view: "waiting", cursor: "x" }],
  ["a cursor of another list", { view: "waiting", cursor: Buffer.from('["mine",null]').toString("base64url") }],
  [
    "a cursor with a made-up place",
    { view: "waiting", cursor: Buffer.from('["waiting",[1,"x"]]').toString("base64url") },
  ],
  [
    "a cursor that is too long a list",
    { view: "waiting", cursor: Buffer.from('["waiting",null,1]').toString("base64url") },
  ],
])("%s is refused", async (_, query) => {
  expect((await desk.get("/approvals", { as: one, query })).status).toBe(400);
});

test("a page shows earlier attempts of the call, and what was decided on the same tool", async () => {
  const callDigest = "e".repeat(64);
  const first = await desk.pending({ callDigest, attempt: 1, target: "put_policy" });
  await desk.decide(first.id, one, { verdict: "deny", reason: "too wide" });
  const other = await desk.pending({ target: "put_policy" });
  await desk.decide(other.id, one, { reason: "narrow enough" });
  const second = await desk.pending({
    callDigest,
    attempt: 2,
    target: "put_policy",
    agent: { name: "coder", version: "1" },
    description: "Puts a policy",
  });
  const { body } = await desk.get("/approvals/{id}", { as: one }, second.id);
  expect(body).toMatchObject({
    attempt: 2,
    kind: "call",
    requester: { name: "developer", kind: "user", id: "company|developer", client: "agent", initiator: null },
    agent: { name: "coder", version: "1" },
    tool: { name: "put_policy", description: "Puts a policy" },
    earlier: [{ id: first.id, kind: "call", status: "DENIED", by: "approver-one", reason: "too wide" }],
    similar: [{ id: other.id, kind: "call", status: "APPROVED", requesterName: "developer", reason: "narrow enough" }],
    scopes: { session: false, maxMinutes: null },
    mayDecide: true,
    whyNot: null,
    mayWithdraw: true,
    reasonRequired: true,
    revealNeeded: false,
    access: null,
  });
  const unnamed = await desk.pending({ requester: { ...dana, client: "" } });
  const { body: shown } = await desk.get("/approvals/{id}", { as: one }, unnamed.id);
  expect(shown.requester.client, "a token may name no client").toBeNull();
  expect(JSON.stringify(body)).not.toMatch(/taskToken|callDigest|jti|sealed/);
});

describe("an inbox of which a thousand are for others", () => {
  const two = signedIn("approver-two", "approvers");
  let crowded: TestDesk;
  beforeAll(async () => {
    crowded = await openDesk();
  });
  afterAll(() => crowded?.stop());

  test("opens with what is left for me, however far down it stands", async () => {
    const start = Date.now() - 100_000;
    const { id } = await crowded.pending({ createdAt: start });
    for (let from = 1; from <= 1000; from += 10)
      await Promise.all(
        Array.from({ length: 10 }, (_, at) => crowded.pending({ createdAt: start + from + at, requester: two })),
      );
    const before = crowded.proxy.passed;
    const { body } = await crowded.get("/approvals", { as: two, query: { view: "waiting" } });
    expect(body).toMatchObject({ approvals: [{ id }], cursor: null });
    expect(crowded.proxy.passed - before, "the block of who asks, and a query for each hundred").toBeLessThanOrEqual(
      13,
    );
  }, 60_000);
});
