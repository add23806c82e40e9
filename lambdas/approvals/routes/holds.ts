import { bodyOf } from "../../api/api.ts";
import { sourceOf } from "../../api/source.ts";
import { CountersignError } from "../../domain/error.ts";
import { type Hold, type HoldWord, selectionText } from "../../domain/evidence/hold.ts";
import type { RecordType } from "../../domain/evidence/record.ts";
import { recordPrincipal } from "../../domain/identity/record-principal.ts";
import { question } from "../../domain/policy/question.ts";
import type { Desk } from "../desk.ts";
import { readHold } from "../hold-body.ts";
import { readReason } from "../reason-body.ts";
import { consoleSession } from "../refused-record.ts";
import { idOf, type PersonRequest, type Route } from "../route.ts";

/** Puts a legal hold. The record comes first; the holder sets S3's own holds at its next run, and goes on with what arrives later. */
export const putHold: Route = async (request, desk) => {
  const id = desk.newId(desk.now());
  const put = wordOf(request, id, desk);
  const selection = readHold(bodyOf(request.event));
  const hold: Hold = { id, selection, status: "HELD", put, liftAsked: null, lifted: null };
  await recordHold("hold.put", hold, put, request, desk);
  await desk.holds.put(hold);
  return shownHold({ ...hold, objects: 0, through: 0 });
};

/** Every hold that there ever was. */
export const listHolds: Route = async ({ person }, desk) => {
  requireHolder(person, "all", desk);
  return { holds: (await desk.holds.all()).map(shownHold) };
};

/** The first person asks for the end of a hold, a second and other one ends it. */
export const liftHold: Route = async (request, desk) => {
  const id = idOf(request.event);
  const word = wordOf(request, id, desk);
  const hold = (await desk.holds.all()).find((row) => row.id === id);
  if (hold === undefined) throw new CountersignError("not_found", "there is no such hold");
  if (hold.status === "LIFTED") throw new CountersignError("approval_decided", "this hold is lifted");
  const first = hold.liftAsked === null;
  if (hold.liftAsked?.person === word.person)
    throw new CountersignError("forbidden", "you asked for it: somebody else must lift this hold");
  await recordHold(first ? "hold.lift-asked" : "hold.lifted", hold, word, request, desk);
  const done = first ? await desk.holds.askLift(id, word) : await desk.holds.lift(id, word);
  if (!done) throw new CountersignError("approval_conflict", "somebody else was faster; look at the hold again");
  return { id, status: first ? "LIFT_ASKED" : "LIFTED" };
};

/** @throws CountersignError where policy does not permit it, no reason is given, or nothing tells this person from others */
function wordOf(request: PersonRequest, id: string, desk: Desk): HoldWord {
  const { person, event } = request;
  requireHolder(person, id, desk);
  if (person.person === null)
    throw new CountersignError(
      "forbidden",
      "your token does not say which person you are, so two people cannot be told apart",
    );
  const reason = desk.masked(readReason(bodyOf(event), true));
  return { id: person.id, person: person.person, name: person.name ?? person.id, reason, at: desk.now() };
}

function requireHolder(person: PersonRequest["person"], id: string, { engine }: Desk): void {
  const answer = engine.ask(question(person, "hold", { kind: "transcript", id }));
  if (!answer.allowed || answer.errors.length > 0)
    throw new CountersignError("forbidden", "no policy permits you to put or lift legal holds");
}

async function recordHold(
  type: Extract<RecordType, `hold.${string}`>,
  { id, selection }: Hold,
  { reason, at }: HoldWord,
  { event, person }: PersonRequest,
  { writer }: Desk,
): Promise<void> {
  await writer.append({
    type,
    occurredAt: new Date(at).toISOString(),
    session: consoleSession(person),
    target: `${id}: ${selectionText(selection)}`,
    outcome: type.slice("hold.".length),
    reason,
    principal: recordPrincipal(person),
    source: sourceOf(event),
  });
}

const timeText = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** A hold as the API tells it. */
const shownHold = ({
  id,
  selection,
  status,
  put,
  liftAsked,
  lifted,
  objects,
  through,
}: Hold & { readonly objects: number; readonly through: number }) => ({
  id,
  status,
  ...selection,
  from: timeText(selection.from),
  until: timeText(selection.until),
  putBy: put.name,
  putAt: timeText(put.at),
  reason: put.reason,
  liftAskedBy: liftAsked?.name ?? null,
  liftedBy: lifted?.name ?? null,
  objects,
  checkedAt: through === 0 ? null : timeText(through),
});
