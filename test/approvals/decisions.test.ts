import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderedDigest } from "../../lambdas/domain/approval/rendered.ts";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { person } from "../support/samples.ts";
import { openDesk, RENDERED, signedIn, type TestDesk } from "./support/desk.ts";

const one = signedIn("approver-one", "approvers");
const two = signedIn("approver-two", "approvers");
const dana = signedIn("developer", "developers");

describe("a decision", () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk?.stop());

  test("stands, and the answer shows it", async () => {
    const { id } = await desk.pending();
    const rendered = await renderedDigest((await desk.get("/approvals/{id}", { as: one }, id)).body);
    expect(await desk.decide(id, one, { rendered })).toMatchObject({
      status: 200,
      body: { id, status: "APPROVED", approvals: 1, decisions: [{ by: "approver-one", reason: "looked at it" }] },
    });
    expect(await desk.approvals.get(id)).toMatchObject({ status: "APPROVED", decisions: [{ rendered }] });
  });

  test("on something else than what is there is refused, a denial too, and recorded", async () => {
    const { id } = await desk.pending();
    const other = await desk.pending({ arguments: '{"name":"another"}' });
    const rendered = await renderedDigest((await desk.get("/approvals/{id}", { as: one }, other.id)).body);
    for (const verdict of ["approve", "deny"])
      expect(await desk.decide(id, one, { verdict, rendered })).toMatchObject({
        status: 409,
        body: { code: "rendered_changed", message: expect.stringMatching(/look again/) },
      });
    expect(await desk.approvals.get(id)).toMatchObject({ status: "PENDING", decisions: [] });
    const refused = (await desk.records("access.refused")).filter(({ approval }) => approval?.id === id);
    expect(refused).toHaveLength(2);
  });

  test("of fifty people at once has one outcome, and each of the fifty is recorded", async () => {
    const row = await desk.pending();
    const people = Array.from({ length: 50 }, (_, at) => signedIn(`crowd-${at}`, "approvers"));
    const answers = await Promise.all(
      people.map((who, at) => desk.decide(row.id, who, { verdict: at % 2 === 0 ? "approve" : "deny" })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body.code === "approval_decided")).toHaveLength(49);
    const after = await desk.approvals.get(row.id);
    expect(after?.decisions).toHaveLength(1);
    expect(after?.status).toBe(won[0]?.body.status);
    if (after === undefined) throw new Error("the row is gone");
    await desk.record(row, after, "crowd");
    const refused = (await desk.records("access.refused")).filter(({ approval }) => approval?.id === row.id);
    const decided = (await desk.records("approval.decided")).filter(({ approval }) => approval?.id === row.id);
    expect([refused.length, decided.length]).toEqual([49, 1]);
    const names = [...refused.map(({ principal }) => principal?.name), decided[0]?.approval?.by];
    expect(new Set(names)).toEqual(new Set(people.map(({ name }) => name)));
  });

  test("is recorded with the whole identity of who made it, from where, and without the secrets of its reason", async () => {
    const row = await desk.pending();
    const secret = ["ghp", "R4nd0mT0kenThatLooksLikeOne0123456789"].join("_");
    expect(await desk.decide(row.id, one, { reason: `seen in the ticket, with ${secret}` })).toMatchObject({
      status: 200,
    });
    const after = await desk.approvals.get(row.id);
    if (after === undefined) throw new Error("the row is gone");
    expect(JSON.stringify(after)).not.toContain(secret);
    await desk.record(row, after, "identity");
    const [decided] = (await desk.records("approval.decided")).filter(({ approval }) => approval?.id === row.id);
    const { signIn: _, ...identity } = one;
    expect(decided).toMatchObject({
      principal: { id: row.requester.id },
      approval: { by: one.name, who: identity, reason: "seen in the ticket, with [GITHUB_TOKEN]" },
      source: { ip: "127.0.0.1", requestId: expect.stringMatching(/./) },
    });
  });

  test("of two who meet counts for both where two are needed", async () => {
    const { id } = await desk.pending({ quorum: 2 });
    const answers = await Promise.all([desk.decide(id, one), desk.decide(id, two)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await desk.approvals.get(id)).toMatchObject({ status: "APPROVED", decisions: [{}, {}] });
  });

  test("of one person twice is one", async () => {
    const { id } = await desk.pending({ quorum: 2 });
    expect((await desk.decide(id, one)).body.status).toBe("PENDING");
    expect(await desk.decide(id, one)).toMatchObject({ status: 403, body: { message: "you have decided already" } });
  });

  const job = { ...person("job"), kind: "workload" as const, person: null };
  test("on a workload that nobody is known to have started needs two, and none of who did start one", async () => {
    const unknown = await desk.pending({ requester: job });
    expect((await desk.decide(unknown.id, one)).body).toMatchObject({ status: "PENDING", quorum: 2 });
    expect((await desk.decide(unknown.id, two)).body.status).toBe("APPROVED");
    const known = await desk.pending({ requester: { ...job, initiator: "approver-one" } });
    expect(await desk.decide(known.id, one)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/you started/) },
    });
    expect((await desk.decide(known.id, two)).body.status).toBe("APPROVED");
  });

  test.each<[string, object, RegExp]>([
    ["no verdict", { verdict: "maybe" }, /verdict/],
    ["no reason where the group wants one", { reason: " " }, /reason/],
    ["a reason too long", { reason: "x".repeat(1001) }, /reason/],
    ["a reason that cannot be recorded", { reason: "\ud800 why" }, /JSON object/],
    ["no hash of what was shown", { rendered: "0" }, /rendered/],
    ["an unknown scope", { scope: { kind: "forever" } }, /scope.kind/],
    ["minutes that are none", { scope: { kind: "minutes", minutes: 0, arguments: "any" } }, /scope.minutes/],
    ["a limit on nothing", { scope: limited({ pointer: "/a" }) }, /"equals" or "prefix"/],
    ["a limit on the whole", { scope: limited({ pointer: "", equals: "x" }) }, /pointer/],
    ["a session that policy does not give", { scope: { kind: "session" } }, /policy allows here: this call$/],
    ["minutes beyond policy", { scope: limited({ pointer: "/a", equals: "x" }, 61) }, /policy allows here/],
  ])("with %s is refused, with what is wrong, and nothing happens", async (_, body, message) => {
    const { id } = await desk.pending();
    expect(await desk.decide(id, one, body)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(message) },
    });
    expect(await desk.approvals.get(id)).toMatchObject({ status: "PENDING", decisions: [] });
  });

  const stale = { ...one, authTime: (one.authTime ?? 0) - 3600 };
  test.each<[string, Principal, object, number, string]>([
    ["a sign-in too old", stale, {}, 401, "stale_sign_in"],
    ["a token without the time of its sign-in", { ...one, authTime: null }, {}, 401, "stale_sign_in"],
    ["a token that expired", one, { expiresAt: 1 }, 401, "token_invalid"],
    ["an agent's token", { ...one, client: "agent" }, {}, 403, "unauthorized_audience"],
    [
      "another issuer's token of a client that is called the same",
      { ...one, issuer: "https://partners.example.com" },
      {},
      403,
      "unauthorized_audience",
    ],
    ["a token for MCP", one, { audience: "https://countersign.example.com" }, 403, "unauthorized_audience"],
    ["a workload's token", { ...one, kind: "workload" }, {}, 403, "unauthorized_audience"],
    ["the requester's own token", dana, {}, 403, "forbidden"],
    ["a passer-by's token", signedIn("passer-by"), {}, 403, "forbidden"],
  ])("with %s is refused and recorded", async (_, as, bent, status, code) => {
    const { id } = await desk.pending();
    const body = { verdict: "approve", reason: "let me", rendered: RENDERED };
    const answer = await desk.post("/approvals/{id}/decision", { as, body, ...bent }, id);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(await desk.approvals.get(id)).toMatchObject({ status: "PENDING", decisions: [] });
    const refused = (await desk.records("access.refused")).filter(({ approval }) => approval?.id === id);
    expect(refused).toMatchObject([{ principal: { id: as.id }, reason: answer.body.message, call: "call-1" }]);
  });

  test("on what is expired, decided or unknown has no effect, says so, and is recorded", async () => {
    const expired = await desk.pending({ deadline: Date.now() - 1 });
    expect(await desk.decide(expired.id, one)).toMatchObject({ status: 409, body: { code: "approval_expired" } });
    const decided = await desk.pending({ status: "DENIED" });
    expect(await desk.decide(decided.id, one)).toMatchObject({ status: 409, body: { code: "approval_decided" } });
    const before = (await desk.records("access.refused")).length;
    for (const id of ["a".repeat(26), "../me", "x'y", "%"])
      expect(await desk.decide(id, one), id).toMatchObject({ status: 404, body: { code: "approval_not_found" } });
    expect(await desk.records("access.refused")).toHaveLength(before + 4);
  });

  test("is not made by a GET, whatever it carries", async () => {
    const { id } = await desk.pending();
    const query = { verdict: "approve", reason: "let me", rendered: RENDERED };
    expect((await desk.get("/approvals/{id}", { as: one, query, body: query }, id)).status).toBe(200);
    expect((await desk.get("/approvals/{id}/decision", { as: one, query, body: query }, id)).status).toBe(404);
    expect((await desk.approvals.get(id))?.status).toBe("PENDING");
  });

  test("of who is blocked, or for who is blocked, is refused", async () => {
    const word = { by: "x", reason: "y", at: Date.now() };
    const held = signedIn("held", "approvers");
    await desk.access.block(held.id, word);
    const { id } = await desk.pending();
    expect(await desk.decide(id, held)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/you are blocked/) },
    });
    await desk.access.block("company|suspect", word);
    const other = await desk.pending({ requester: person("suspect") });
    expect(await desk.decide(other.id, one)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/requester is blocked/) },
    });
    expect((await desk.decide(other.id, one, { verdict: "deny" })).body.status).toBe("DENIED");
  });

  test("that cannot be written leaves the row as it was", async () => {
    const { id } = await desk.pending();
    desk.proxy.cutAfter(2);
    expect((await desk.decide(id, one)).status).toBe(500);
    desk.proxy.mend();
    expect(await desk.approvals.get(id)).toMatchObject({ status: "PENDING", decisions: [] });
    expect((await desk.decide(id, one)).status).toBe(200);
  });

  test("on masked text needs it opened by who approves", async () => {
    const { id } = await desk.pending({ revealNeeded: true });
    expect(await desk.decide(id, one)).toMatchObject({ status: 409, body: { code: "reveal_needed" } });
    await desk.approvals.addRevealed(id, "approver-one@example.com");
    expect((await desk.decide(id, two)).body.code).toBe("reveal_needed");
    expect((await desk.decide(id, one)).body.status).toBe("APPROVED");
  });

  test("on a review acknowledges or objects, by somebody else than who broke the glass", async () => {
    const broke = {
      kind: "review" as const,
      breakGlass: "the site was down",
      requester: signedIn("oncall", "approvers"),
    };
    const { id } = await desk.pending(broke);
    expect(await desk.decide(id, broke.requester)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/yourself/) },
    });
    expect((await desk.decide(id, one)).body).toMatchObject({ status: "APPROVED", breakGlass: "the site was down" });
  });
});

describe("a group that wants a second factor and no reasons", () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await openDesk((config) => ({
      ...config,
      approverGroups: config.approverGroups.map((group) => ({
        ...group,
        secondFactor: ["mfa"],
        reasonRequired: false,
      })),
    }));
  });
  afterAll(() => desk?.stop());

  test("is decided for with it, and with an empty reason", async () => {
    const { id } = await desk.pending();
    expect(await desk.decide(id, one)).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/second factor/) },
    });
    expect((await desk.decide(id, { ...one, amr: ["mfa"] }, { reason: "" })).body.status).toBe("APPROVED");
  });
});

function limited(limit: object, minutes = 5) {
  return { kind: "minutes", minutes, arguments: "any", constraint: [limit] };
}
