import { jsonApi } from "../api/api.ts";
import { answerAtDesk } from "../approvals/approvals.ts";
import { type Desk, furnishDesk } from "../approvals/desk.ts";
import { recordRefusal } from "../approvals/record-refusal.ts";
import { reveal } from "../approvals/routes/reveal.ts";
import { visitorOf } from "../approvals/visitor.ts";
import { contentKeyOpener } from "../aws/forensic-key.ts";
import { CountersignError } from "../domain/error.ts";
import type { Environment } from "../environment.ts";
import { recordedOpener } from "./opener.ts";
import { quarantine } from "./quarantine.ts";
import { reveals } from "./reveal.ts";

/** What an approver has to see before judging, and a mask hides: opened here too, for the same reason. */
const REVEAL_ARGUMENTS = "POST /approvals/{id}/reveal";

/** The auditors' API: the only place that may open a sealed original, and it records first. */
export function createAudit(environment: Environment) {
  const openKey = contentKeyOpener(environment);
  const desk: Desk = furnishDesk(environment, "audit", (jwe, call) =>
    recordedOpener(openKey, desk.writer, desk.now)(jwe, call),
  );
  const revealed = reveals(environment, desk);
  const quarantined = quarantine(environment, desk);

  return jsonApi("audit", async (event) => {
    if (event.resource === REVEAL_ARGUMENTS.slice("POST ".length))
      return answerAtDesk(event, { [REVEAL_ARGUMENTS]: reveal }, desk);
    // An agent's token, a sign-in of long ago and whoever is blocked are refused and recorded before a word of the body is read.
    const person = await visitorOf(event, desk).catch(async (error: unknown) => {
      if (error instanceof CountersignError) await recordRefusal(event, error, desk);
      throw error;
    });
    if (event.resource === "/audit/quarantine") return quarantined({ event, person });
    return revealed({ event, person });
  });
}
