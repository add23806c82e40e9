import type { PrincipalRow } from "../aws/access-table.ts";
import { enterAskingRoom, leaveAskingRoom } from "../aws/asking-room.ts";
import { CountersignError } from "../domain/error.ts";
import { keepBody } from "../domain/evidence/body.ts";
import type { Caller } from "../domain/identity/principal.ts";
import { REFUSAL, type Refusal, refusalText } from "../domain/mcp/answers.ts";
import { CANCELLED } from "../domain/mcp/constants.ts";
import { ProtocolRefusal } from "../domain/mcp/refusal.ts";
import type { UsageWindow } from "../domain/usage/usage.ts";
import { METRIC } from "../metric-names.ts";
import { reached, stepOf } from "../reached.ts";
import { answer } from "./answer.ts";
import { asItComes } from "./as-it-comes.ts";
import { type Call, isListening, type Running } from "./call.ts";
import { endWaits } from "./cancelled-waits.ts";
import { endSessionGrants } from "./end-session.ts";
import { entryOf } from "./entries.ts";
import { held } from "./held.ts";
import type { House } from "./house.ts";
import type { Incoming } from "./incoming.ts";
import { knownTool } from "./known-tool.ts";
import { listen } from "./listen.ts";
import { openReview } from "./open-approval.ts";
import { type Asking, permit } from "./permit.ts";
import { receive } from "./receive.ts";
import { idsOf } from "./recording.ts";
import { empty, json, type Reply } from "./reply.ts";
import { resumeRun } from "./run-approved.ts";
import { overUse, windowsOfCall } from "./usage.ts";

/**
 * The path of a call: receive, decide, record, await, forward, mask, record.
 * @throws ProtocolRefusal for a message that the protocol forbids, CountersignError for what fails on our side
 */
export async function exchange(incoming: Incoming, caller: Caller, id: string, house: House): Promise<Reply> {
  const said = await receive(incoming, caller, id, house);
  const prepared = await prepare(said, house);
  if ("status" in prepared) return prepared;
  const { received, permitted } = prepared;
  if ("refused" in permitted) return deny(received, permitted.refused, house);
  const { call, path } = permitted;

  const intent = await recordIntent(call, house);
  if ("status" in intent) return intent;
  if (intent.row.blocked) return deny(call, "your access is blocked", house);
  const over = overUse(call, intent.windows, intent.row, house);
  if (over !== undefined) {
    house.count(METRIC.overused);
    return retryAfter(over.seconds, await deny(call, over.reason, house, over.refusal));
  }
  const recorded: Call = { ...call, received: intent.hash };

  switch (path.kind) {
    case "wait":
      return waitFor(recorded, path, intent.row, house);
    case "grant":
      // Somebody may have ended it, or used it up, since it was looked at.
      if (!(await house.grants.use(path.grant, house.now())))
        return waitFor(withoutGrant(recorded), path, intent.row, house);
      house.count(METRIC.granted);
      return answer(recorded, house);
    case "break-glass":
      return breakThrough(recorded, path, house);
    case "resume":
      return resume(recorded, path.running, house);
    case "go":
      house.count(path.metric);
      await giveUp(recorded, house);
      return isListening(call) ? listen(recorded, intent.row, house) : answer(recorded, house);
  }
}

/** What a client gives up ends here too. */
async function giveUp(call: Call, house: House): Promise<void> {
  try {
    if (call.message.kind === "end") await Promise.all([endSessionGrants(call, house), endWaits(call, house)]);
    else if (call.message.method === CANCELLED) await endWaits(call, house);
  } catch (error) {
    house.log.error("what a client gave up goes on", { error: error as Error });
  }
}

/** What the tool's definition and the tables say of the call; where they do not answer, as without its record, nothing runs. */
async function prepare(call: Call, house: House) {
  try {
    const received = await knownTool(call, house);
    return { received, permitted: await permit(received, house) };
  } catch (error) {
    if (error instanceof ProtocolRefusal) throw error;
    if (error instanceof CountersignError && error.code !== "evidence_unavailable") throw error;
    return unrecorded(call, "nothing is known of a call", error, house);
  }
}

function waitFor(call: Call, { decision }: { readonly decision: Asking }, row: PrincipalRow, house: House) {
  house.count(METRIC.held);
  return held(call, decision, row, house);
}

/** The next round of an approved run; its client speaks 2026-07-28, whose rounds are plain answers. */
function resume(call: Call, running: Running, house: House): Promise<Reply> {
  return asItComes(call, resumeRun(call, running, house), house);
}

const withoutGrant = ({ grant: _, ...call }: Call): Call => call;

/** Alarmed at once, and put before the approvers to be looked at afterwards, before it runs. */
async function breakThrough(call: Call, { decision }: { readonly decision: Asking }, house: House): Promise<Reply> {
  house.count(METRIC.breakGlassUsed);
  const { openApprovals: most } = house.settings.config.limits;
  const asking = { principal: call.caller.principal.id, kind: "review", call: call.id, most } as const;
  const unreviewed = await enterAskingRoom(house, asking, house.now());
  if (unreviewed !== undefined)
    return deny(call, `${unreviewed} calls that you ran without approval have not been looked at yet`, house);
  try {
    await openReview(call, decision, house);
  } catch (error) {
    await leaveAskingRoom(house, asking);
    house.tell(METRIC.failed, "the review of a call without approval could not be opened", error, idsOf(call));
    return deny(call, "nobody could be told that you run it without approval, so it did not run; try again", house);
  }
  return answer(call, house);
}

interface Intent {
  readonly hash: string;
  readonly row: PrincipalRow;
  readonly windows: readonly UsageWindow[];
}

/** `call.received` is durable before anything waits or is forwarded; the principal's row is read in the same round trip. */
async function recordIntent(call: Call, house: House): Promise<Intent | Reply> {
  try {
    const kept = await keepBody(call.request, { call: call.id, part: "request" }, house.contentKey, house.bodies);
    const entry = entryOf(call, { type: "call.received", outcome: "received", request: kept.body }, house);
    const windows = windowsOfCall(call, house);
    const [{ hash }, row] = await Promise.all([
      house.writer.append(entry, kept.sealed === undefined ? {} : { request: kept.sealed }),
      reached("the principal's row cannot be read", house.access.touch(call.caller.principal.id, house.now(), windows)),
    ]);
    return { hash, row, windows };
  } catch (error) {
    return unrecorded(call, "a call could not be recorded", error, house);
  }
}

async function deny(call: Call, reason: string, house: House, refusal?: Refusal): Promise<Reply> {
  try {
    const kept = await keepBody(call.request, { call: call.id, part: "request" }, house.contentKey, house.bodies);
    const entry = entryOf(call, { type: "call.denied", outcome: "denied", reason, request: kept.body }, house);
    await house.writer.append(entry, kept.sealed === undefined ? {} : { request: kept.sealed });
  } catch (error) {
    return unrecorded(call, "a denial could not be recorded", error, house);
  }
  house.count(METRIC.denied);
  return refuse(call, refusal ?? REFUSAL.denied(call.id, reason, call.decision.policies));
}

/** Nothing runs of what could not be recorded; the caller learns which step failed, where that is known. */
function unrecorded(call: Call, what: string, error: unknown, house: House): Reply {
  house.tell(METRIC.notRecorded, what, error, idsOf(call));
  return refuse(call, REFUSAL.notRecorded(call.id, stepOf(error)));
}

/** Where a refusal is one of HTTP, as on a GET, it is the one that says when to come back; a POST's answer says so in its text. */
function retryAfter(seconds: number, { status, headers, body }: Reply): Reply {
  const { allow: _, ...kept } = headers;
  return { status: status === 405 ? 429 : status, headers: { ...kept, "retry-after": String(seconds) }, body };
}

/**
 * A refusal is not an HTTP error: clients take those for a broken server or a lost session. A refused notification is
 * dropped; a refused GET or DELETE gets what a server answers that does not offer it.
 */
function refuse({ message }: Call, refusal: Refusal): Reply {
  if (message.kind === "request") return json(200, refusalText(message, refusal));
  if (message.kind === "listen" || message.kind === "end")
    return json(405, refusalText(message, refusal), { allow: "POST" });
  return empty(202);
}
