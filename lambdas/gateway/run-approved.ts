import { isBlockedSince } from "../aws/access-table.ts";
import type { Settled } from "../aws/approvals-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { statusAt } from "../domain/approval/state.ts";
import { CountersignError } from "../domain/error.ts";
import { resultOf } from "../domain/mcp/result-of.ts";
import { decide } from "../domain/policy/decide.ts";
import { METRIC } from "../metric-names.ts";
import { cancelled, collected, denialOf, refused } from "./approval-outcomes.ts";
import { type Call, factsOf, type Running } from "./call.ts";
import { isCancelled } from "./cancelled-waits.ts";
import { forward } from "./forward.ts";
import type { House } from "./house.ts";
import { idsOf } from "./recording.ts";
import type { Released } from "./released.ts";
import { toolDefinition } from "./tool-definition.ts";

/** An executing call that has not ended by then is never run again. Longer than any function lives. */
const LONGEST_RUN = 16 * 60_000;
/** Milliseconds in which a client must come back with what the server asked for: a person may have to answer. */
const LONGEST_ROUND = 3_600_000;
/** Bytes of an outcome and of the arguments that are kept in the row together; an item ends at 400 KB with all it holds. */
const LARGEST_KEPT = 360_000;

/**
 * Answers a call whose approval is settled: runs it if it is approved and nobody else does, collects what an earlier
 * run left, or says why not. Returns "again" when somebody else began to run it meanwhile.
 */
export async function* runApproved(
  call: Call,
  row: Approval,
  house: House,
): AsyncGenerator<Released, "again" | "done"> {
  switch (statusAt(row, house.now())) {
    case "APPROVED":
      return yield* runOnce(call, row, house);
    case "COMPLETED":
      yield (await refusedNow(call, row, house)) ?? (await collected(call, row, house));
      return "done";
    case "DENIED":
      yield await refused(call, row, denialOf(row), house);
      return "done";
    case "UNKNOWN":
      yield await refused(
        call,
        row,
        "an earlier run of this approved call did not report back; it may have run and is never run again",
        house,
        "unknown",
      );
      return "done";
    case "WITHDRAWN":
      yield await refused(call, row, `approval ${row.id} was withdrawn`, house, "notNow");
      return "done";
    default:
      yield await refused(
        call,
        row,
        `nobody of the group "${row.group}" decided in time, so approval ${row.id} expired; call again to ask anew`,
        house,
        "notNow",
      );
      return "done";
  }
}

async function* runOnce(call: Call, row: Approval, house: House): AsyncGenerator<Released, "again" | "done"> {
  const now = house.now();
  // Time has passed: what was true when the call came must be true when it runs.
  if (isExpired(call, now)) {
    yield await expired(call, row, house);
    return "done";
  }
  const decision = decide(call.caller.principal, call.subject, factsOf(call, now), house.engine);
  const stands = decision.kind === "allow" || (decision.kind === "approve" && decision.group === row.group);
  if (!stands) {
    const why =
      decision.kind === "deny" ? `${decision.reason} (policy_changed while it waited)` : policyAsks(decision.group);
    yield await refused(call, row, why, house, "notNow");
    return "done";
  }
  if (row.toolDigest !== (await toolDefinition(call, house)).digest) {
    yield await refused(call, row, toolChanged(row), house, "notNow");
    return "done";
  }
  // Last of all, for the server may take its time to say what its tools are.
  const principal = await house.access.touch(call.caller.principal.id, now);
  if (isBlockedSince(principal, row.createdAt)) {
    yield await refused(call, row, BLOCKED, house);
    return "done";
  }
  if (isCancelled(call, principal)) {
    yield await cancelled(call, row, house);
    return "done";
  }
  if (!(await house.approvals.consume(row.id, call.id, now, now + LONGEST_RUN))) return "again";

  yield* runUnder({ ...call, running: { approval: row.id, execution: call.id, rounds: 0 } }, row, house);
  return "done";
}

const policyAsks = (group: string) => `policy now asks the group "${group}" (policy_changed while it waited)`;
const toolChanged = ({ id }: Approval) =>
  `the tool is no longer the one that approval ${id} was for (tool_changed); call again to ask anew`;
const BLOCKED = "its principal was blocked after it was asked for";
const isExpired = ({ caller }: Call, now: number) => caller.expiresAt * 1000 <= now;

const expired = (call: Call, row: Approval, house: House): Promise<Released> =>
  refused(
    call,
    row,
    "your token expired while the call waited; sign in and call again, the approval stands for a while",
    house,
    "notNow",
  );

/** Why a result is not handed over that others could have had: who waited for it may be welcome no more. */
async function refusedNow(call: Call, row: Approval, house: House): Promise<Released | undefined> {
  if (isExpired(call, house.now())) return expired(call, row, house);
  const { blocked } = await house.access.look(call.caller.principal.id);
  return blocked ? refused(call, row, "the principal is blocked", house) : undefined;
}

/**
 * Goes on with an approved run that the server asked back in. What the client answers was assessed like arguments; a
 * risk that the approvers have not seen ends it here.
 */
export async function* resumeRun(call: Call, running: Running, house: House): AsyncGenerator<Released> {
  const row = await house.approvals.get(running.approval);
  if (row === undefined || row.requesterId !== call.caller.principal.id || row.executedBy !== running.execution)
    throw new CountersignError("seal_invalid", "the approved run of this state is not there");
  if (isBlockedSince(await house.access.look(call.caller.principal.id), row.createdAt))
    return yield await refused(call, row, BLOCKED, house);
  const { decision } = call;
  if (decision.kind === "approve" && decision.group !== row.group)
    return yield await endedRun(call, running, row, policyAsks(decision.group), house);
  const { digest } = await toolDefinition(call, house);
  if (digest === "" && row.toolDigest !== "") {
    const why = "the server does not say now what the tool is; send the same requestState again";
    return yield await refused(call, row, why, house, "notNow");
  }
  if (row.toolDigest !== digest) return yield await endedRun(call, running, row, toolChanged(row), house);
  const known = row.risks.map(({ risk }) => risk);
  const added = [...new Set(call.risks.map(({ risk }) => risk))].filter((risk) => !known.includes(risk));
  if (added.length > 0) {
    const why = `your answer earns a risk that approval ${row.id} was not for (${added.join(", ")}); call again without the requestState to ask anew`;
    return yield await refused(call, row, why, house);
  }
  const until = house.now() + LONGEST_RUN;
  if (
    statusAt(row, house.now()) !== "EXECUTING" ||
    !(await house.approvals.resume(row.id, running.execution, running.rounds, until))
  )
    return yield await refused(
      call,
      row,
      `this round of the approved run is over (already_consumed)`,
      house,
      "unknown",
    );
  yield* runUnder({ ...call, running }, row, house);
}

/** A run that may go on no more: its earlier rounds ran, and nobody knows what of it is left undone. */
async function endedRun(
  call: Call,
  { execution }: Running,
  row: Approval,
  why: string,
  house: House,
): Promise<Released> {
  await house.approvals.settle(row.id, execution, { status: "UNKNOWN" }, house.now());
  return refused(call, row, why, house, "unknown");
}

async function* runUnder(call: Call, row: Approval, house: House): AsyncGenerator<Released> {
  const { messages } = await forward(call, house);
  let settled = false;
  for await (const message of messages) {
    if (message.ending !== undefined) settled = await settle(call, row, message, house);
    yield message;
  }
  // If this fails too, the row stays EXECUTING, which is read as UNKNOWN when its time is over.
  const execution = call.running?.execution ?? call.id;
  if (!settled)
    await house.approvals.settle(row.id, execution, { status: "UNKNOWN" }, house.now()).catch(() => undefined);
}

/** Writes what came of the run; if that fails, the row stays EXECUTING and is read as UNKNOWN later: never run again. */
async function settle(call: Call, row: Approval, { ending, text }: Released, house: House): Promise<boolean> {
  const now = house.now();
  const change = ((): Settled => {
    const rounds = call.running?.rounds ?? 0;
    // What ran in earlier rounds must not begin anew: the same round can be tried again.
    if (ending === "not-sent" && rounds > 0) return { status: "EXECUTING", rounds, until: now + LONGEST_ROUND };
    if (ending === "not-sent") return { status: "APPROVED", until: row.until ?? now };
    if (ending === "input-required")
      return { status: "EXECUTING", rounds: (call.running?.rounds ?? 0) + 1, until: now + LONGEST_ROUND };
    if (ending !== "completed") return { status: "UNKNOWN" };
    const outcome = text === undefined ? undefined : resultOf(text);
    const kept = [row.arguments, row.sealedArguments ?? "", outcome?.text ?? ""];
    const size = kept.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    return { status: "COMPLETED", outcome: outcome && size <= LARGEST_KEPT ? outcome : { kind: "too-large" } };
  })();
  const execution = call.running?.execution ?? call.id;
  try {
    return await house.approvals.settle(row.id, execution, change, now);
  } catch (error) {
    house.tell(METRIC.failed, "what came of an approved call could not be noted", error, {
      ...idsOf(call),
      approval: row.id,
    });
    if (change.status !== "COMPLETED") return true;
    // That it ran is worth more than what came of it, which may be what did not fit.
    const without = { status: "COMPLETED", outcome: { kind: "too-large" } } as const;
    return house.approvals.settle(row.id, execution, without, now).catch(() => true);
  }
}
