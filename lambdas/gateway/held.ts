import type { Approval } from "../domain/approval/approval.ts";
import { statusAt } from "../domain/approval/state.ts";
import { CountersignError } from "../domain/error.ts";
import { REFUSAL, refusalText, responseText } from "../domain/mcp/answers.ts";
import { type ClientMessage, isObject } from "../domain/mcp/message.ts";
import { extrasOf } from "../domain/mcp/target.ts";
import { isSettled, watch } from "./await-approval.ts";
import type { Call } from "./call.ts";
import { entryOf } from "./entries.ts";
import type { House } from "./house.ts";
import { withKeepAlive } from "./keep-alive.ts";
import { openApproval } from "./open-approval.ts";
import type { Released } from "./released.ts";
import { json, KEEP_ALIVE, type Reply, sseEvent, stream } from "./reply.ts";
import { runApproved, stillPending } from "./run-approved.ts";
import { sealState } from "./states.ts";

/** Milliseconds of a leg after which an approved call is left to the next one. */
const LATE_IN_LEG = 10_000;

/**
 * Answers a call that needs approval. A legacy client is held on an event stream; a client of 2026-07-28 waits in
 * legs, each ended by `input_required` with a sealed state, because it gives up on one request after 60 s.
 */
export async function held(call: Call, group: string, house: House): Promise<Reply> {
  const extras = Object.keys(extrasOf(call.message) ?? {});
  if (extras.length > 0)
    return refuse(call, REFUSAL.denied, `a call that needs approval cannot carry ${extras.join(", ")}`, house);
  let row: Approval;
  try {
    row = await openApproval(call, group, house);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return refuse(call, error.code === "approval_conflict" ? REFUSAL.notNow : REFUSAL.denied, error.message, house);
  }
  if (call.message.era === "modern") return leg(call, row, house);
  const { holdPlain, holdProgress, keepAlive } = house.settings.config.limits;
  const until = house.now() + (progressToken(call.message) === undefined ? holdPlain : holdProgress) * 1000;
  return stream(withKeepAlive(hold(call, row, until, house), keepAlive * 1000));
}

/** Legacy: keep-alives or progress while it waits, then the outcome. */
async function* hold(call: Call, row: Approval, until: number, house: House): AsyncGenerator<string> {
  let ticks = 0;
  try {
    for await (const step of outcome(call, row, until, house)) {
      if (step.kind === "outcome") yield sseEvent(step.message.text, step.message.frame);
      else {
        ticks += 1;
        yield progress(call.message, ticks, row.group) ?? KEEP_ALIVE;
      }
    }
  } catch {
    // A stream that ends without a response hangs the client until its own time-out.
    const refusal = REFUSAL.waitLost(call.id, row.id);
    yield sseEvent(refusalText(call.message, refusal.code, refusal.text, refusal.meta));
  }
}

/** 2026-07-28: one leg of the wait. */
async function leg(call: Call, row: Approval, house: House): Promise<Reply> {
  const { waitLeg, waitRounds } = house.settings.config.limits;
  const until = house.now() + waitLeg * 1000;
  let last: Released | undefined;
  for await (const step of outcome(call, row, until, house, call.round < waitRounds))
    if (step.kind === "outcome") last = step.message;
  if (last?.text !== undefined) return json(200, last.text);

  await house.writer.append(entryOf(call, { type: "call.completed", outcome: "waiting" }, house));
  const requestState = await sealState(call, { approval: row.id, round: call.round + 1 }, house);
  return json(
    200,
    responseText(call.message.id, "result", JSON.stringify({ resultType: "input_required", requestState })),
  );
}

type WaitStep = { readonly kind: "tick" } | { readonly kind: "outcome"; readonly message: Released };

/**
 * Waits, and runs the call when it may run.
 *
 * @param quiet end without a word when the time is over, because another leg follows
 */
async function* outcome(
  call: Call,
  row: Approval,
  until: number,
  house: House,
  quiet = false,
): AsyncGenerator<WaitStep> {
  // Over the limit nobody is held: the pending answer comes at once.
  const limit = house.held.count >= house.settings.config.limits.maxHeld ? house.now() : until;
  const begun = house.now();
  house.held.count += 1;
  try {
    for (;;) {
      let seen = row;
      for await (const look of watch(row.id, limit, house)) {
        seen = look;
        yield { kind: "tick" };
      }
      if (!isSettled(seen, house.now())) {
        if (!quiet || limit !== until) yield { kind: "outcome", message: await stillPending(call, seen, house) };
        return;
      }
      // Late in a leg the server's time would outlast the client's: the next leg, which comes at once, has all of it.
      if (quiet && statusAt(seen, house.now()) === "APPROVED" && house.now() - begun > LATE_IN_LEG) return;
      const run = runApproved(call, seen, house);
      let next = await run.next();
      for (; !next.done; next = await run.next()) yield { kind: "outcome", message: next.value };
      if (next.value === "done") return;
    }
  } finally {
    house.held.count -= 1;
  }
}

async function refuse(
  call: Call,
  refusalOf: typeof REFUSAL.denied | typeof REFUSAL.notNow,
  reason: string,
  house: House,
): Promise<Reply> {
  await house.writer.append(entryOf(call, { type: "call.completed", outcome: "denied", reason }, house));
  const refusal = refusalOf(call.id, reason, call.decision.policies);
  return json(200, refusalText(call.message, refusal.code, refusal.text, refusal.meta));
}

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
