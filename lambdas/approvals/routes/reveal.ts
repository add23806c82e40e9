import { sourceOf } from "../../api/source.ts";
import { whyNotDecide } from "../../domain/approval/decision.ts";
import { CountersignError } from "../../domain/error.ts";
import { recordPrincipal } from "../../domain/identity/record-principal.ts";
import { judgement } from "../desk.ts";
import { findVisible } from "../find-approval.ts";
import { approvalFacts } from "../refused-record.ts";
import { idOf, type Route } from "../route.ts";

/**
 * Opens the arguments of an approval where a mask lies over what has to be judged. The record comes first; then the person is
 * noted in the row, and may approve. Only a function that may open seals can answer it: the approvals function says so.
 */
export const reveal: Route = async ({ event, person }, desk) => {
  const row = await findVisible(idOf(event), person, desk);
  const whyNot = whyNotDecide(person, row, judgement(desk));
  if (whyNot !== null) throw new CountersignError(whyNot.code, whyNot.message);
  const { sealedArguments } = row;
  if (!row.revealNeeded || sealedArguments === undefined || desk.openSealed === null)
    throw new CountersignError(
      "reveal_unavailable",
      row.revealNeeded
        ? "what is masked cannot be opened here: deny this call, and ask its caller to send it without the credential"
        : "nothing that has to be judged is masked",
    );
  const now = desk.now();
  await desk.writer.append({
    type: "approval.revealed",
    occurredAt: new Date(now).toISOString(),
    session: row.session,
    call: row.call,
    server: row.server,
    method: row.method,
    target: row.target,
    outcome: "revealed",
    principal: recordPrincipal(person),
    source: sourceOf(event),
    approval: { ...approvalFacts(row, now), by: person.name },
  });
  const text = await desk.openSealed(sealedArguments, row.call);
  await desk.approvals.addRevealed(row.id, person.person ?? person.id);
  return { arguments: text };
};
