import fc from "fast-check";
import { expect } from "vitest";
import type { Approval } from "../../../lambdas/domain/approval/approval.ts";
import { statusAt } from "../../../lambdas/domain/approval/state.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import type { Clock } from "./clock.ts";
import type { Told } from "./invoke.ts";
import { type Attempt, decided, denialStands, isOver, type Model, type ModelCall, stateOf, TIMES } from "./model.ts";
import type { Life, World } from "./world.ts";

/** What a run of the model is played on: the functions themselves. */
export interface Real {
  readonly world: World;
  readonly clock: Clock;
  /** Two environments that live, and one that dies now and then. */
  readonly lives: readonly [Life, Life];
  readonly mortal: Life;
  readonly who: Principal;
  readonly sweep: () => Promise<void>;
  /** Every attempt of this run. */
  readonly ids: Set<string>;
  /** States that attempts were found in after a step, and how often. */
  readonly seen: Map<string, number>;
}

type Step = fc.AsyncCommand<Model, Real>;

export const nameOf = ({ who }: Real, at: number) => `${who.subject}-${at}-`;

const send = (life: Life, at: number, { tool, dies }: ModelCall, real: Real): Promise<Told> =>
  life.call(real.who, tool, { name: nameOf(real, at), dies }, "shaky");

const callOf = (model: Model, at: number): ModelCall => {
  const call = model.calls[at];
  if (call === undefined) throw new Error(`there is no call ${at}`);
  return call;
};

const rowOf = async ({ world }: Real, { id }: Attempt): Promise<Approval> => {
  const row = await world.approvals.get(id);
  if (row === undefined) throw new Error(`there is no row ${id}`);
  return row;
};

/** The newest row of a call, whether or not an answer told its id. */
async function newestOf(real: Real, at: number): Promise<Approval | undefined> {
  const part = { index: "byRequester", value: real.who.id } as const;
  const { rows } = await real.world.approvals.page(part, { limit: 100 });
  return rows
    .filter((row) => row.arguments.includes(`"${nameOf(real, at)}"`))
    .sort((one, other) => other.attempt - one.attempt)[0];
}

const opened = (id: string, now: number): Attempt => ({
  id,
  status: "PENDING",
  approvers: new Set(),
  createdAt: now,
  decidedAt: 0,
  until: 0,
  completedAt: 0,
});

/** The invariants, after each step. */
export async function holds(model: Model, real: Real): Promise<void> {
  for (const [at, call] of model.calls.entries()) {
    const runs = real.world.shaky.runsOf(nameOf(real, at));
    expect(runs.length, `runs of call ${at}`).toBe(call.runs);
    for (const { at: when } of runs) {
      const recorded = real.world.recordedAt(nameOf(real, at)) ?? Number.POSITIVE_INFINITY;
      expect(when, "it ran before its intent was durable").toBeGreaterThan(recorded);
    }
    if (call.attempt === undefined) continue;
    real.ids.add(call.attempt.id);
    const row = await rowOf(real, call.attempt);
    const now = Date.now();
    const state = stateOf(call.attempt, now);
    expect(statusAt(row, now), `state of call ${at}`).toBe(state);
    real.seen.set(state, (real.seen.get(state) ?? 0) + 1);
    const people = row.decisions.map(({ person }) => person);
    expect(new Set(people).size, "nobody decides twice").toBe(people.length);
    expect(people, "who asked must not decide").not.toContain(real.who.person);
    if (["APPROVED", "EXECUTING", "COMPLETED", "UNKNOWN"].includes(row.status))
      expect(people.length).toBeGreaterThanOrEqual(call.quorum);
  }
}

/** Makes a step of a name and a deed, and looks at the invariants after it. */
const step = (name: string, run: (model: Model, real: Real) => Promise<void>, check = (_: Model) => true): Step => ({
  check,
  run: async (model, real) => {
    await run(model, real);
    await holds(model, real);
  },
  toString: () => name,
});

/** What a call must be answered, and what it does, with nothing struck. `times` clients call at the same moment. */
const calls = (at: number, times: number): Step =>
  step(`${times > 1 ? `${times} calls` : "call"} ${at}`, async (model, real) => {
    const call = callOf(model, at);
    const now = Date.now();
    const state = stateOf(call.attempt, now);
    const told = await Promise.all(
      Array.from({ length: times }, (_, which) => send(real.lives[which % 2 === 0 ? 0 : 1], at, call, real)),
    );
    const texts = told.map(({ text }) => text);
    const all = (pattern: RegExp) => {
      for (const text of texts) expect(text).toMatch(pattern);
    };
    if (model.blocked) return all(/your access is blocked/);
    if (isOver(call.attempt, now)) {
      if (denialStands(model, call, now)) return all(/the denial stands/);
      all(/^PENDING APPROVAL|kept changing/);
      const ids = new Set(texts.flatMap((text) => text.match(/PENDING APPROVAL (\S+)\./)?.[1] ?? []));
      expect(ids.size, "one approval for all who ask at once").toBe(1);
      call.attempt = opened([...ids][0] ?? "", now);
      return;
    }
    const { attempt } = call;
    if (attempt === undefined) return;
    if (state === "PENDING") return all(/^PENDING APPROVAL/);
    if (state === "EXECUTING") return all(/^RUNNING under approval/);
    if (state === "DENIED") return all(/denied approval/);
    if (state === "COMPLETED") return all(/done/);
    if (state === "UNKNOWN") return all(/never run again/);
    if (!model.serverOpen) {
      all(/Nothing was executed|RUNNING under approval/);
      // Each one tries anew, and each time the approval stands as long again.
      attempt.until = Date.now() + TIMES.collect;
      return;
    }
    all(call.dies ? /may have run|RUNNING under approval/ : /done|RUNNING under approval/);
    call.runs += 1;
    attempt.status = call.dies ? "UNKNOWN" : "COMPLETED";
    attempt.until = now + TIMES.longestRun;
    attempt.completedAt = Date.now();
  });

/** A call in an environment that dies at its n-th call of AWS: what came of it is one of what the statechart allows. */
const dyingCall = (at: number, nth: number, when: "before" | "after"): Step =>
  step(`call ${at} that dies ${when} AWS ${nth}`, async (model, real) => {
    const call = callOf(model, at);
    const now = Date.now();
    const state = stateOf(call.attempt, now);
    const mayOpen = !model.blocked && isOver(call.attempt, now) && !denialStands(model, call, now);
    const before = real.world.shaky.runsOf(nameOf(real, at)).length;
    real.mortal.proxy.arm({ at: nth, when, lasts: "for-good" });
    await send(real.mortal, at, call, real);
    real.mortal.proxy.arm(null);

    const row = await newestOf(real, at);
    const ran = real.world.shaky.runsOf(nameOf(real, at)).length - before;
    const mayRun = state === "APPROVED" && !model.blocked;
    expect(ran, "it ran without being approved").toBeLessThanOrEqual(mayRun && model.serverOpen ? 1 : 0);
    call.runs += ran;
    if (row === undefined) return void expect(call.attempt).toBeUndefined();
    if (row.id !== call.attempt?.id) {
      expect(mayOpen, "it asked anew while an attempt stood").toBe(true);
      expect(row.status).toBe("PENDING");
      call.attempt = opened(row.id, now);
      return;
    }
    if (statusAt(row, Date.now()) === stateOf(call.attempt, Date.now())) {
      call.attempt.until = row.until ?? call.attempt.until;
      return void expect(ran, "it ran and stands as if it had not").toBe(0);
    }
    expect(mayRun, `from ${state} to ${row.status}`).toBe(true);
    expect(["EXECUTING", "COMPLETED", "UNKNOWN"]).toContain(row.status);
    call.attempt.status = row.status;
    call.attempt.until = row.until ?? 0;
    call.attempt.completedAt = row.completedAt ?? 0;
  });

const approverOf = ({ world, who }: Real, at: number) => (at === 0 ? who : world.people.approver(at));

/** Person 0 is the one who asked. */
const decides = (at: number, person: number, verdict: "approve" | "deny", life = 0): Step =>
  step(
    `person ${person} says ${verdict} to ${at}`,
    async (model, real) => {
      const call = callOf(model, at);
      const { attempt } = call;
      if (attempt === undefined) return;
      const now = Date.now();
      const status = person === 0 ? undefined : decided(model, call, person, verdict, now);
      const answer = await (real.lives[life] ?? real.lives[0]).decide(approverOf(real, person), attempt.id, verdict);
      if (status === undefined) return void expect([403, 409], JSON.stringify(answer)).toContain(answer.status);
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { status } });
      note(attempt, person, status);
    },
    (model) => callOf(model, at).attempt !== undefined,
  );

function note(attempt: Attempt, person: number, status: Approval["status"]): void {
  attempt.approvers.add(person);
  attempt.status = status;
  if (status === "PENDING") return;
  attempt.decidedAt = Date.now();
  attempt.until = attempt.decidedAt + TIMES.collect;
}

/** Several decide at once; the row says who was heard, and that must be what the statechart allows. */
const decideAtOnce = (at: number, denied: boolean): Step =>
  step(
    `three decide on ${at} at once`,
    async (model, real) => {
      const call = callOf(model, at);
      const { attempt } = call;
      if (attempt === undefined) return;
      const was = stateOf(attempt, Date.now());
      const answers = await Promise.all(
        ([1, 2, 3] as const).map((person) =>
          real.lives[person % 2 === 0 ? 0 : 1].decide(
            approverOf(real, person),
            attempt.id,
            denied && person === 2 ? "deny" : "approve",
          ),
        ),
      );
      const heard = answers.filter(({ status }) => status === 200).length;
      const row = await rowOf(real, attempt);
      expect(row.decisions.length - attempt.approvers.size, "each who was heard is in the row, once").toBe(heard);
      if (was !== "PENDING") return void expect(heard).toBe(0);
      const verdicts = row.decisions.map(({ verdict }) => verdict);
      expect(verdicts.slice(0, -1), "nobody is heard after a denial").not.toContain("deny");
      const yes = verdicts.filter((verdict) => verdict === "approve").length;
      expect(row.status).toBe(verdicts.includes("deny") ? "DENIED" : yes >= call.quorum ? "APPROVED" : "PENDING");
      for (const { person } of row.decisions) note(attempt, Number(person.match(/approver-(\d)/)?.[1]), row.status);
    },
    (model) => callOf(model, at).attempt !== undefined,
  );

const dyingDecision = (at: number, nth: number, when: "before" | "after"): Step =>
  step(
    `person 1 says approve to ${at} and it dies ${when} AWS ${nth}`,
    async (model, real) => {
      const call = callOf(model, at);
      const { attempt } = call;
      if (attempt === undefined) return;
      const status = decided(model, call, 1, "approve", Date.now());
      real.mortal.proxy.arm({ at: nth, when, lasts: "for-good" });
      const answer = await real.mortal.decide(approverOf(real, 1), attempt.id, "approve");
      real.mortal.proxy.arm(null);
      const row = await rowOf(real, attempt);
      if (answer.status === 200) expect(status, "a refusal was answered as a success").toBeDefined();
      if (row.decisions.length === attempt.approvers.size) return void expect(answer.status).not.toBe(200);
      expect(row.status).toBe(status);
      note(attempt, 1, row.status);
    },
    (model) => callOf(model, at).attempt !== undefined,
  );

const withdraws = (at: number, person: number): Step =>
  step(
    `person ${person} withdraws ${at}`,
    async (model, real) => {
      const { attempt } = callOf(model, at);
      if (attempt === undefined) return;
      const state = stateOf(attempt, Date.now());
      const may = (state === "PENDING" || state === "APPROVED") && !(person === 0 && model.blocked);
      const resource = "/approvals/{id}/withdraw";
      const answer = await real.lives[0].ask(approverOf(real, person), "POST", resource, attempt.id, { reason: "no" });
      expect(answer.status === 200, JSON.stringify(answer)).toBe(may);
      if (may) attempt.status = "WITHDRAWN";
    },
    (model) => callOf(model, at).attempt !== undefined,
  );

const sets = (word: "block" | "unblock"): Step =>
  step(word, async (model, real) => {
    const admin = real.world.people.admin();
    const resource = `/principals/{id}/${word}`;
    expect(await real.lives[1].ask(admin, "POST", resource, real.who.id, { reason: "because" })).toMatchObject({
      status: 200,
    });
    model.blocked = word === "block";
    if (!model.blocked) return;
    for (const { attempt } of model.calls)
      if (attempt !== undefined && ["PENDING", "APPROVED"].includes(stateOf(attempt, Date.now())))
        attempt.status = "WITHDRAWN";
  });

const waits = (minutes: number): Step =>
  step(`${minutes} minutes pass`, async (_, { clock }) => clock.forward(minutes));

const sweeps = (): Step => step("the sweeper runs", async (_, { sweep }) => sweep());

const serverIs = (open: boolean): Step =>
  step(`the server is ${open ? "there" : "gone"}`, async (model, { world }) => {
    await (open ? world.shaky.open() : world.shaky.shut());
    model.serverOpen = open;
  });

const which = fc.constantFrom(0, 1, 2);
const strike = [fc.integer({ min: 1, max: 12 }), fc.constantFrom("before" as const, "after" as const)] as const;
const person = fc.constantFrom(0, 1, 2, 3);
const stranger = fc.constantFrom(1, 2, 3);

/** Steps as a random sequence draws them; what takes a call further is there more often than what ends it. */
export const STEPS = [
  ...[1, 1, 1, 1, 6].map((times) => which.map((at) => calls(at, times))),
  ...[0, 1, 0].map((life) => fc.tuple(which, stranger).map(([at, who]) => decides(at, who, "approve", life))),
  fc.tuple(which, person, fc.constantFrom("approve" as const, "deny" as const)).map((said) => decides(...said)),
  fc.tuple(which, fc.boolean()).map(([at, denied]) => decideAtOnce(at, denied)),
  ...[1, 2].map(() => fc.tuple(which, ...strike).map((how) => dyingCall(...how))),
  fc.tuple(which, ...strike).map(([at, nth, when]) => dyingDecision(at, (nth % 8) + 1, when)),
  fc.tuple(which, fc.constantFrom(0, 1)).map(([at, who]) => withdraws(at, who)),
  fc.constantFrom(sets("block"), sets("unblock")),
  fc.constant(sets("unblock")),
  fc.constantFrom(7, 11, 17, 61).map(waits),
  fc.constantFrom(sweeps(), serverIs(false), serverIs(true), serverIs(true)),
];
