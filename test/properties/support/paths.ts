import { expect } from "vitest";
import type { Approval } from "../../../lambdas/domain/approval/approval.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { legacy, modern } from "../../support/gateway.ts";
import type { Path } from "./crashes.ts";
import type { Answer, Told } from "./invoke.ts";
import { type Life, pendingIn, type Tool, type World } from "./world.ts";

/** A call of somebody, and the approval that it needs. */
export interface Case {
  readonly who: Principal;
  readonly tool: Tool;
  readonly args: { readonly name: string };
  readonly id: string;
  readonly world: World;
}

const again = (life: Life, { who, tool, args }: Case) => life.call(who, tool, args);
/** The answer of the console's API, which must be a success. */
const done = (answer: Answer) => expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
const rowOf = async ({ id, world }: Pick<Case, "id" | "world">): Promise<Approval> => {
  const row = await world.approvals.get(id);
  if (row === undefined) throw new Error(`there is no row ${id}`);
  return row;
};

/** A call that was asked about, by somebody whom nothing else stands for. */
async function asked(
  life: Life,
  world: World,
  name: string,
  tool: Tool = "create_role",
  more: object = {},
): Promise<Case> {
  const who = world.people.developer();
  const args = { name, ...more };
  return { who, tool, args, id: pendingIn(await life.call(who, tool, args)), world };
}

async function approved(...about: Parameters<typeof asked>): Promise<Case> {
  const it = await asked(...about);
  const people = it.tool === "add_user" ? [1, 2] : [1];
  for (const at of people) done(await about[0].decide(it.world.people.approver(at), it.id, "approve"));
  return it;
}

/** ExecuteAtMostOnce, ExecuteOnlyIfApproved, NoSelfApproval and RecordBeforeExecute, of one call. */
export async function sound({ args, id, world }: Pick<Case, "args" | "id" | "world">, most = 1): Promise<number> {
  const runs = world.iam.runsOf(args.name);
  expect(runs.length, "how often it ran").toBeLessThanOrEqual(most);
  for (const { at, round } of runs) {
    const recorded = world.recordedAt(args.name, round);
    expect(recorded, "a run without the record of its intent").toBeDefined();
    expect(at, "it ran before its intent was durable").toBeGreaterThan(recorded ?? Number.POSITIVE_INFINITY);
  }
  const row = await rowOf({ id, world });
  const people = new Set(row.decisions.filter(({ verdict }) => verdict === "approve").map(({ person }) => person));
  expect(people, "who asked must not decide").not.toContain(row.requester.person);
  if (runs.length > 0) {
    expect(people.size, "it ran without its quorum").toBeGreaterThanOrEqual(row.quorum);
    expect(["EXECUTING", "COMPLETED", "UNKNOWN"]).toContain(row.status);
  }
  return runs.length;
}

/** Calls again as often as a client might; a call that ran stays at one run, and one that did not may run once. */
async function settles(life: Life, it: Case): Promise<Told> {
  const first = await again(life, it);
  const second = await again(life, it);
  await sound(it);
  const ran = it.world.iam.runsOf(it.args.name).length;
  for (const { text } of [first, second]) if (text.includes("done")) expect(ran, text).toBe(1);
  return second;
}

export const opens: Path<Case> = {
  title: "a call that asks for its approval",
  arrange: async (_, world, name) => ({
    who: world.people.developer(),
    tool: "create_role",
    args: { name },
    id: "",
    world,
  }),
  act: again,
  async holds({ arranged, whole, told }, life) {
    const { world } = arranged;
    if (whole) pendingIn(told as Told);
    const id = pendingIn(await again(life, arranged));
    const open = await world.approvals.openOf(arranged.who.id);
    expect(
      open.map((row) => row.id),
      "one approval, however often it is asked for",
    ).toEqual([id]);
    expect(await sound({ ...arranged, id })).toBe(0);
    done(await life.decide(world.people.approver(), id, "approve"));
    expect((await again(life, arranged)).text).toContain("done");
    expect(await sound({ ...arranged, id })).toBe(1);
  },
};

export const runs: Path<Case> = {
  title: "an approved call that runs",
  arrange: (life, world, name) => approved(life, world, name),
  act: again,
  async holds({ arranged, whole, told }, life) {
    const before = await sound(arranged);
    if (whole) expect((told as Told).text).toContain("done");
    if (JSON.stringify(told).includes("Nothing was executed")) expect(before, "told that nothing was executed").toBe(0);
    await settles(life, arranged);
    if (before === 0 && (await rowOf(arranged)).status === "COMPLETED")
      expect(arranged.world.iam.runsOf(arranged.args.name)).toHaveLength(1);
  },
};

export const nextRound: Path<Case & { readonly state: string }> = {
  title: "the next round of an approved call",
  async arrange(life, world, name) {
    const who = world.people.developer();
    const args = { name, asksBack: true };
    const first = modern("tools/call", { name: "create_role", arguments: args });
    const id = pendingIn(await life.send(who, first));
    await life.decide(world.people.approver(), id, "approve");
    const state = (await life.send(who, first)).messages[0]?.result?.requestState;
    if (typeof state !== "string") throw new Error("the server did not ask back");
    return { who, tool: "create_role", args, id, world, state };
  },
  act: (life, { who, args, state }) => life.send(who, round(args, state)),
  async holds({ arranged, whole, told }, life) {
    const { world, who, args, state } = arranged;
    if (whole) expect((told as Told).text).toContain("done");
    for (let time = 0; time < 2; time += 1) await life.send(who, round(args, state));
    await again(life, arranged);
    await sound(arranged, 2);
    const rounds = world.iam.runsOf(args.name).map((run) => run.round);
    expect(rounds.length, "each round once").toBe(new Set(rounds).size);
  },
};

const round = (args: object, requestState: string) =>
  modern("tools/call", {
    name: "create_role",
    arguments: args,
    requestState,
    inputResponses: { why: { action: "accept", content: { text: "because" } } },
  });

export const breaksGlass: Path<Case> = {
  title: "a call that breaks the glass",
  arrange: async (_, world, name) => ({
    who: world.people.developer(["oncall"]),
    tool: "create_role",
    args: { name },
    id: "",
    world,
  }),
  act: (life, { who, tool, args }) => {
    const _meta = { "dev.countersign/break-glass": "production is down, incident 4711" };
    return life.send(who, legacy("tools/call", { name: tool, arguments: args, _meta }));
  },
  async holds({ arranged: { who, args, world }, whole }) {
    const ran = world.iam.runsOf(args.name);
    expect(ran.length).toBeLessThanOrEqual(1);
    if (whole) expect(ran).toHaveLength(1);
    for (const { at } of ran) expect(at).toBeGreaterThan(world.recordedAt(args.name) ?? Number.POSITIVE_INFINITY);
    const reviews = await world.approvals.openOf(who.id);
    expect(reviews.length, "what ran must be looked at").toBeGreaterThanOrEqual(ran.length);
  },
};

const SCOPE = { scope: { kind: "minutes", minutes: 5, arguments: "any", constraint: [] } };

/** @param verdict with the scope of a yes */
const decides = (verdict: "approve" | "deny", scope: object = {}): Path<Case> => ({
  title: `a decision (${verdict}${"scope" in scope ? " for minutes" : ""})`,
  arrange: (life, world, name) => asked(life, world, name),
  act: (life, { id, world }) => life.decide(world.people.approver(1), id, verdict, scope),
  async holds({ arranged, told, whole }, life) {
    const { id, world, who } = arranged;
    const decided = verdict === "approve" ? "APPROVED" : "DENIED";
    const answer = told as Answer;
    const row = await rowOf(arranged);
    expect([
      ["PENDING", 0],
      [decided, 1],
    ]).toContainEqual([row.status, row.decisions.length]);
    if (whole || answer.status === 200) expect(row.status).toBe(decided);
    if (row.status === "PENDING") done(await life.decide(world.people.approver(2), id, verdict, scope));
    else expect((await life.decide(world.people.approver(2), id, "deny")).status).toBe(409);
    const by = (await rowOf(arranged)).decisions;
    expect(by, "decided once").toHaveLength(1);

    if ("scope" in scope) {
      await world.drain();
      const grant = await world.grants.get({ id, principal: who.id });
      expect(grant?.status, "the grant comes, whoever makes it").toBe("ACTIVE");
    }
    const { text } = await again(life, arranged);
    expect(text).toMatch(verdict === "approve" ? /done/ : /DENIED/);
    expect(world.iam.runsOf(arranged.args.name)).toHaveLength(verdict === "approve" ? 1 : 0);
  },
});

export const approves = decides("approve");
export const denies = decides("deny");
export const grants = decides("approve", SCOPE);

export const withdraws: Path<Case> = {
  title: "a withdrawal of an approved call",
  arrange: (life, world, name) => approved(life, world, name),
  act: (life, { id, who }) => life.ask(who, "POST", "/approvals/{id}/withdraw", id, { reason: "not any more" }),
  async holds({ arranged, told, whole }, life) {
    const { id, who, world, args } = arranged;
    if (whole) expect((told as { status: number }).status).toBe(200);
    if ((await rowOf(arranged)).status === "APPROVED")
      done(await life.ask(who, "POST", "/approvals/{id}/withdraw", id, { reason: "again" }));
    expect((await rowOf(arranged)).status).toBe("WITHDRAWN");
    expect((await again(life, arranged)).text, "it is asked about anew").toContain("PENDING");
    expect(world.iam.runsOf(args.name)).toHaveLength(0);
  },
};

/** Somebody with a grant, an approved call and one that is asked about. */
async function holder(life: Life, world: World, name: string): Promise<Case> {
  const it = await asked(life, world, `${name}granted`, "grant_permission");
  await life.decide(world.people.approver(), it.id, "approve", SCOPE);
  expect((await again(life, it)).text).toContain("done");
  return it;
}

export const blocks: Path<Case & { readonly unused: string }> = {
  title: "a block of a principal who holds a grant and an approval",
  async arrange(life, world, name) {
    const it = await holder(life, world, name);
    const unused = pendingIn(await life.call(it.who, "create_role", { name: `${name}unused` }));
    await life.decide(world.people.approver(), unused, "approve");
    return { ...it, args: { name }, unused };
  },
  act: (life, { who, world }) =>
    life.ask(world.people.admin(), "POST", "/principals/{id}/block", who.id, { reason: "left" }),
  async holds({ arranged, told, whole }, life) {
    const { who, world, args, unused } = arranged;
    const block = (word: string) =>
      life.ask(world.people.admin(), "POST", `/principals/{id}/${word}`, who.id, { reason: "left" });
    if (whole) expect((told as { status: number }).status).toBe(200);
    // A block that was cut off is finished by the next.
    done(await block("block"));
    const late = `${args.name}late`;
    for (const name of [late, `${args.name}unused`])
      for (const tool of ["grant_permission", "create_role"] as const)
        expect((await life.call(who, tool, { name })).text).toContain("blocked");
    expect((await world.grants.get({ id: arranged.id, principal: who.id }))?.status).toBe("ENDED");
    expect((await world.approvals.get(unused))?.status).toBe("WITHDRAWN");
    done(await block("unblock"));
    expect((await life.call(who, "grant_permission", { name: late })).text, "what ended stays ended").toContain(
      "PENDING",
    );
    for (const name of [late, `${args.name}unused`]) expect(world.iam.runsOf(name)).toHaveLength(0);
  },
};

export const endsGrant: Path<Case> = {
  title: "the end of a grant",
  arrange: (life, world, name) => holder(life, world, name),
  act: (life, { id, who }) => life.ask(who, "POST", "/grants/{id}/end", id, { reason: "task done" }),
  async holds({ arranged: { id, who, world, args }, told, whole }, life) {
    if (whole) expect((told as { status: number }).status).toBe(200);
    if ((await world.grants.get({ id, principal: who.id }))?.status === "ACTIVE")
      done(await life.ask(who, "POST", "/grants/{id}/end", id, {}));
    const late = `${args.name}late`;
    expect((await life.call(who, "grant_permission", { name: late })).text).toContain("PENDING");
    expect(world.iam.runsOf(late)).toHaveLength(0);
  },
};

export const underGrant: Path<Case> = {
  title: "a call under a grant",
  arrange: async (life, world, name) => ({ ...(await holder(life, world, name)), args: { name } }),
  act: again,
  async holds({ arranged: { world, args }, told, whole }) {
    const ran = world.iam.runsOf(args.name);
    if (whole) expect((told as Told).text).toContain("done");
    expect(ran.length).toBeLessThanOrEqual(1);
    for (const { at } of ran) expect(at).toBeGreaterThan(world.recordedAt(args.name) ?? Number.POSITIVE_INFINITY);
  },
};
