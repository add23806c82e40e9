import type { PrincipalRow } from "../aws/access-table.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { statusAt } from "../domain/approval/state.ts";
import { CountersignError, type ErrorCode } from "../domain/error.ts";
import { REFUSAL, type Refusal, refusalText, responseText } from "../domain/mcp/answers.ts";
import { type ClientMessage, isObject } from "../domain/mcp/message.ts";
import { extrasOf } from "../domain/mcp/target.ts";
import type { Decision } from "../domain/policy/decide.ts";
import { METRIC } from "../metric-names.ts";
import { blockedMeanwhile, cancelled, stillPending } from "./approval-outcomes.ts";
import { asItComes } from "./as-it-comes.ts";
import { isSettled, watch } from "./await-approval.ts";
import type { Call } from "./call.ts";
import { inPlace, isCancelled } from "./cancelled-waits.ts";
import type { Step } from "./entries.ts";
import type { House } from "./house.ts";
import { withKeepAlive } from "./keep-alive.ts";
import { openApproval } from "./open-approval.ts";
import { idsOf, recorded } from "./recording.ts";
import { type Released, refusalOf } from "./released.ts";
import { json, KEEP_ALIVE, type Reply, sseEvent, stream } from "./reply.ts";
import { runApproved } from "./run-approved.ts";
import { sealState } from "./states.ts";
import { enterWaitingRoom } from "./waiting-room.ts";
import { LOOK_EVERY } from "./welcome.ts";

/** Milliseconds of a leg after which an approved call is left to the next one. */
const LATE_IN_LEG = 10_000;

/** Refusals that another try may not meet. */
const NOT_NOW: readonly ErrorCode[] = ["approval_conflict", "approval_refused"];

/**
 * Answers a call that needs approval. A legacy client is held on an event stream; a client of 2026-07-28 waits in
 * legs, each ended by `input_required` with a sealed state, because it gives up on one request after 60 s.
 */
export async function held(
  call: Call,
  decision: Extract<Decision, { kind: "approve" }>,
  seen: PrincipalRow,
  house: House,
): Promise<Reply> {
  const extras = Object.keys(extrasOf(call.message) ?? {});
  if (extras.length > 0)
    return refuse(call, REFUSAL.denied, `a call that needs approval cannot carry ${extras.join(", ")}`, house);
  let row: Approval;
  try {
    row = await openApproval(call, decision, house);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code === "evidence_unavailable") {
      house.tell(METRIC.failed, "an approval could not be opened", error, idsOf(call));
      return refuse(call, REFUSAL.notNow, "the approval could not be opened; try again", house);
    }
    const refusal = NOT_NOW.includes(error.code) ? REFUSAL.notNow : REFUSAL.denied;
    return refuse(call, refusal, error.message, house);
  }
  const { holdPlain, holdProgress, keepAlive, waitLeg, waitRounds } = house.settings.config.limits;
  const patience =
    call.message.era === "modern" ? waitLeg : progressToken(call.message) === undefined ? holdPlain : holdProgress;
  const until = house.now() + patience * 1000;
  const leave = await enterWaitingRoom(call, until, seen, house);
  // Without a place nobody is held: the pending answer comes at once.
  const wait: Wait = leave === undefined ? { until: house.now(), quiet: false } : { until, quiet: false };
  if (call.message.era === "modern") {
    const quiet = leave !== undefined && call.round < waitRounds;
    return asItComes(call, leaving(leg(call, row, { ...wait, quiet }, house), leave), house);
  }
  const placed = leave === undefined ? call : inPlace(call);
  return stream(withKeepAlive(leaving(hold(placed, row, wait, house), leave), keepAlive * 1000, call.ended));
}

interface Wait {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** End without a word when the time is over, because another leg follows. */
  readonly quiet: boolean;
}

async function* leaving<T>(events: AsyncIterable<T>, leave: (() => Promise<void>) | undefined): AsyncGenerator<T> {
  try {
    yield* events;
  } finally {
    await leave?.();
  }
}

/** Legacy: keep-alives or progress while it waits, then the outcome. */
async function* hold(call: Call, row: Approval, wait: Wait, house: House): AsyncGenerator<string> {
  let ticks = 0;
  try {
    for await (const step of outcome(call, row, wait, house)) {
      if (step.kind === "outcome") yield sseEvent(step.message.text, step.message.frame);
      else {
        ticks += 1;
        yield progress(call.message, ticks, row.group) ?? KEEP_ALIVE;
      }
    }
  } catch (error) {
    yield sseEvent(lost(call, row, error, house).text);
  }
}

/** A stream that ends without a response hangs the client until its own time-out. */
function lost(call: Call, row: Approval, error: unknown, house: House): Released {
  house.tell(METRIC.failed, "a wait for an approval was lost", error, { ...idsOf(call), approval: row.id });
  return refusalOf(call, REFUSAL.waitLost(call.id, row.id));
}

/** 2026-07-28: one leg of the wait, which ends in the outcome or in the request for another leg. */
async function* leg(call: Call, row: Approval, wait: Wait, house: House): AsyncGenerator<Released> {
  let text: string | undefined;
  try {
    for await (const step of outcome(call, row, wait, house)) {
      if (step.kind === "tick") continue;
      yield step.message;
      text = step.message.text ?? text;
    }
    if (text === undefined) yield await anotherLeg(call, row, house);
  } catch (error) {
    yield lost(call, row, error, house);
  }
}

async function anotherLeg(call: Call, row: Approval, house: House): Promise<Released> {
  const step: Step = { type: "call.completed", outcome: "waiting" };
  if (!(await recorded(call, step, undefined, house))) return refusalOf(call, REFUSAL.notRecorded(call.id));
  const requestState = await sealState(call, { approval: row.id, round: call.round + 1 }, house);
  const result = JSON.stringify({ resultType: "input_required", requestState });
  return { text: responseText(call.message.id, "result", result) };
}

type WaitStep = { readonly kind: "tick" } | { readonly kind: "outcome"; readonly message: Released };

/** Waits, and runs the call when it may run. */
async function* outcome(call: Call, row: Approval, { until, quiet }: Wait, house: House): AsyncGenerator<WaitStep> {
  const begun = house.now();
  let looked = begun;
  for (;;) {
    let seen = row;
    for await (const look of watch(row.id, until, house)) {
      seen = look;
      if (house.now() - looked >= LOOK_EVERY) {
        looked = house.now();
        const ended = await whyEnded(call, house);
        if (ended !== undefined) {
          yield { kind: "outcome", message: await ended(call, seen, house) };
          return;
        }
      }
      yield { kind: "tick" };
    }
    if (!isSettled(seen, house.now())) {
      if (!quiet) yield { kind: "outcome", message: await stillPending(call, seen, house) };
      return;
    }
    // Late in a leg the server's time would outlast the client's: the next leg, which comes at once, has all of it.
    if (quiet && statusAt(seen, house.now()) === "APPROVED" && house.now() - begun > LATE_IN_LEG) return;
    const run = runApproved(call, seen, house);
    let next = await run.next();
    for (; !next.done; next = await run.next()) yield { kind: "outcome", message: next.value };
    if (next.value === "done") return;
  }
}

/**
 * How a wait ends before its approval does: a block ends it within 5 s, and one that nobody needs must not keep its place. A row that
 * cannot be read says nothing; it is read again before anything runs or is handed over.
 */
async function whyEnded(call: Call, house: House): Promise<typeof cancelled | undefined> {
  const row = await house.access.look(call.caller.principal.id).catch(() => undefined);
  if (row === undefined) return undefined;
  if (row.blocked) return blockedMeanwhile;
  return isCancelled(call, row) ? cancelled : undefined;
}

async function refuse(
  call: Call,
  refusal: typeof REFUSAL.denied | typeof REFUSAL.notNow,
  reason: string,
  house: House,
): Promise<Reply> {
  const step: Step = { type: "call.completed", outcome: "denied", reason };
  if (!(await recorded(call, step, undefined, house))) return answer(call, REFUSAL.notRecorded(call.id));
  return answer(call, refusal(call.id, reason, call.decision.policies));
}

const answer = (call: Call, refusal: Refusal): Reply => json(200, refusalText(call.message, refusal));

function progressToken(message: ClientMessage): string | number | undefined {
  const token = isObject(message.params._meta) ? message.params._meta.progressToken : undefined;
  return typeof token === "string" || typeof token === "number" ? token : undefined;
}

function progress(message: ClientMessage, value: number, group: string): string | undefined {
  const token = progressToken(message);
  if (token === undefined) return undefined;
  const params = { progressToken: token, progress: value, message: `waiting for approval by ${group}` };
  return sseEvent(JSON.stringify({ jsonrpc: "2.0", method: "notifications/progress", params }));
}
