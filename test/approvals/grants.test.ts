import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Approval } from "../../lambdas/domain/approval/approval.ts";
import { argumentsDigest } from "../../lambdas/domain/approval/grant.ts";
import { openDesk, signedIn, type TestDesk } from "./support/desk.ts";

const one = signedIn("approver-one", "approvers");
const two = signedIn("approver-two", "approvers");
const admin = signedIn("admin", "administrators");
const dana = signedIn("developer", "developers");
const principal = "company|developer";
const wide = { session: true, maxMinutes: 60 };
const minutes = (many: number, args: "same" | "any" = "any", constraint: object[] = []) => ({
  scope: { kind: "minutes", minutes: many, arguments: args, constraint },
});

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.stop());

/** The row as it is now. */
async function now({ id }: Approval): Promise<Approval> {
  const row = await desk.approvals.get(id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}
const recordsOf = async ({ id }: Approval, ...types: string[]) =>
  (await desk.records(...types)).filter((record) => record.grant?.id === id || record.approval?.id === id);

describe("an approval that reaches beyond its call", () => {
  test("makes a grant, as narrow as the narrowest of a quorum said", async () => {
    const row = await desk.pending({ scopes: wide, quorum: 2, argumentsDigest: argumentsDigest({ name: "r" }) });
    await desk.decide(row.id, one, minutes(60, "any", [{ pointer: "/name", prefix: "role-" }]));
    expect(await desk.grants.get({ id: row.id, principal }), "one of two is not enough").toBeUndefined();
    expect((await desk.decide(row.id, two, minutes(10, "same"))).body.status).toBe("APPROVED");
    const grant = await desk.grants.get({ id: row.id, principal });
    expect(grant).toMatchObject({
      client: "agent",
      argumentsDigest: argumentsDigest({ name: "r" }),
      constraint: [{ pointer: "/name", prefix: "role-" }],
      approvedBy: ["approver-one", "approver-two"],
      status: "ACTIVE",
    });
    expect((grant?.endsAt ?? 0) - (grant?.createdAt ?? 0)).toBe(600_000);
  });

  test("makes none where one of the quorum meant the call alone", async () => {
    const row = await desk.pending({ scopes: wide, quorum: 2 });
    await desk.decide(row.id, one, minutes(60));
    expect((await desk.decide(row.id, two)).body.status).toBe("APPROVED");
    expect(await desk.grants.get({ id: row.id, principal })).toBeUndefined();
  });

  test("has its grant with the decision although the function crashes after it, and that is recorded once", async () => {
    const row = await desk.pending({ scopes: wide });
    desk.proxy.cutAfter(1, (operation) => operation === "TransactWriteItems");
    expect(await desk.decide(row.id, one, minutes(10))).toMatchObject({
      status: 500,
      body: { message: expect.stringContaining("Look whether it took effect") },
    });
    desk.proxy.mend();
    expect(await desk.grants.get({ id: row.id, principal })).toMatchObject({ status: "ACTIVE" });
    const after = await now(row);
    for (let delivery = 0; delivery < 3; delivery += 1) await desk.record(row, after, `crash-${row.id}`);
    expect(await desk.grants.get({ id: row.id, principal })).toMatchObject({ status: "ACTIVE" });
    expect(await recordsOf(row, "grant.created", "approval.decided")).toMatchObject([
      { type: "approval.decided", component: "recorder" },
      { type: "grant.created", grant: { id: row.id, approval: row.id }, session: "session-1" },
    ]);
  });

  test("is recorded once where nothing failed, too", async () => {
    const row = await desk.pending({ scopes: wide });
    await desk.decide(row.id, one, minutes(10));
    await desk.record(row, await now(row), `made-${row.id}`);
    expect(await recordsOf(row, "grant.created")).toHaveLength(1);
  });

  test("gives nothing any more to who was blocked before the stream came to it", async () => {
    const row = await desk.pending({ scopes: wide, requester: signedIn("late", "developers") });
    desk.proxy.cutAfter(1, (operation) => operation === "TransactWriteItems");
    await desk.decide(row.id, one, minutes(10));
    desk.proxy.mend();
    await desk.access.block("company|late", { by: "admin", reason: "left", at: Date.now() });
    await desk.access.unblock("company|late", { by: "admin", reason: "back", at: Date.now() });
    await desk.record(row, await now(row), `late-${row.id}`);
    expect(await desk.grants.get({ id: row.id, principal: "company|late" })).toMatchObject({
      status: "ENDED",
      endReason: "the principal was blocked",
    });
    expect(await recordsOf(row, "grant.ended")).toHaveLength(1);
  });
});

describe("grants", () => {
  test("are seen by their principal, and by approvers and administrators for all", async () => {
    const row = await desk.pending({ scopes: wide });
    await desk.decide(row.id, one, minutes(10));
    const own = await desk.get("/grants", { as: dana });
    expect(own.body.grants.find(({ id }: { id: string }) => id === row.id)).toMatchObject({
      principal,
      principalName: "developer",
      server: "ops",
      tools: ["create_role"],
      session: false,
      uses: 0,
      usesLeft: null,
      lastUsedAt: null,
      approval: row.id,
      approvedBy: ["approver-one"],
      reason: "looked at it",
      status: "ACTIVE",
      endedBy: null,
      mayEnd: true,
    });
    expect((await desk.get("/grants", { as: one })).body).toEqual({ grants: [] });
    for (const as of [one, admin]) {
      const all = await desk.get("/grants", { as, query: { all: "true" } });
      expect(all.body.grants.map(({ id }: { id: string }) => id)).toContain(row.id);
    }
    expect((await desk.get("/grants", { as: dana, query: { all: "true" } })).status).toBe(403);
  });

  test("for a number of calls are used up by them, and the smaller number of a quorum counts", async () => {
    const row = await desk.pending({ scopes: wide, quorum: 2 });
    for (const [who, uses] of [
      [one, 5],
      [two, 2],
    ] as const)
      expect((await desk.decide(row.id, who, { ...minutes(10), scope: { ...minutes(10).scope, uses } })).status).toBe(
        200,
      );
    const grant = await desk.grants.get({ id: row.id, principal });
    expect(grant).toMatchObject({ usesLeft: 2, status: "ACTIVE" });
    if (grant === undefined) throw new Error("there is no grant");
    const used = [];
    for (let call = 0; call < 3; call += 1) used.push(await desk.grants.use(grant, Date.now()));
    expect(used).toEqual([true, true, false]);
    for (const uses of [0, 1.5, -1, "2", 1001, null]) {
      const fresh = await desk.pending({ scopes: wide });
      const answer = await desk.decide(fresh.id, one, { ...minutes(10), scope: { ...minutes(10).scope, uses } });
      expect(answer, String(uses)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining("scope.uses") },
      });
    }
  });

  test("are ended by their principal, an approver or an administrator, once, and that is recorded", async () => {
    for (const as of [dana, one, admin]) {
      const row = await desk.pending({ scopes: wide });
      await desk.decide(row.id, two, minutes(10));
      const ended = await desk.post("/grants/{id}/end", { as, body: { reason: "task done" } }, row.id);
      expect(ended).toMatchObject({ status: 200, body: { status: "ENDED", endedBy: as.name, mayEnd: false } });
      expect(await desk.post("/grants/{id}/end", { as, body: {} }, row.id)).toMatchObject({
        status: 409,
        body: { code: "grant_ended" },
      });
      expect(await recordsOf(row, "grant.ended")).toMatchObject([
        { principal: { id: as.id }, reason: "task done", session: "session-1" },
      ]);
    }
    const row = await desk.pending({ scopes: wide });
    await desk.decide(row.id, one, minutes(10));
    const stranger = await desk.post("/grants/{id}/end", { as: signedIn("passer-by"), body: {} }, row.id);
    expect(stranger.status).toBe(404);
    expect(await desk.grants.get({ id: row.id, principal })).toMatchObject({ status: "ACTIVE" });
  });
});

describe("an approval that nobody used", () => {
  const withdraw = (id: string, as = dana) =>
    desk.post("/approvals/{id}/withdraw", { as, body: { reason: "not any more" } }, id);

  test("is withdrawn by its requester or an approver, with the grant that it made, and the record says by whom", async () => {
    const pending = await desk.pending();
    expect(await withdraw(pending.id)).toMatchObject({
      status: 200,
      body: { status: "WITHDRAWN", mayWithdraw: false },
    });
    await desk.record(pending, await now(pending), `w-${pending.id}`);
    expect(await recordsOf(pending, "approval.withdrawn")).toMatchObject([
      { approval: { by: "developer", reason: "not any more" } },
    ]);

    const approved = await desk.pending({ scopes: wide });
    await desk.decide(approved.id, one, minutes(10));
    expect((await withdraw(approved.id, two)).body.status).toBe("WITHDRAWN");
    expect(await desk.grants.get({ id: approved.id, principal })).toMatchObject({ status: "ENDED" });
    expect(await desk.approvals.consume(approved.id, "c", Date.now(), Date.now() + 1000)).toBe(false);
  });

  test("is not withdrawn once a call began, by a stranger, or where it is a review", async () => {
    const used = await desk.pending();
    await desk.decide(used.id, one);
    expect(await desk.approvals.consume(used.id, "c", Date.now(), Date.now() + 60_000)).toBe(true);
    expect(await withdraw(used.id)).toMatchObject({ status: 409, body: { code: "approval_decided" } });
    const other = await desk.pending();
    expect((await withdraw(other.id, signedIn("passer-by"))).status).toBe(404);
    const review = await desk.pending({ kind: "review", breakGlass: "because" });
    expect((await withdraw(review.id)).body.message).toMatch(/review cannot be withdrawn/);
  });

  test("is either withdrawn or taken, never both", async () => {
    const row = await desk.pending();
    await desk.decide(row.id, one);
    const [answer, taken] = await Promise.all([
      withdraw(row.id),
      desk.approvals.consume(row.id, "c", Date.now(), Date.now() + 60_000),
    ]);
    expect(taken).toBe(answer.status !== 200);
    expect((await now(row)).status).toBe(taken ? "EXECUTING" : "WITHDRAWN");
  });
});
