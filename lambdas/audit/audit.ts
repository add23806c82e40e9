import type { APIGatewayProxyEvent } from "aws-lambda";
import { jsonApi } from "../api/api.ts";
import { personOf, requireFresh } from "../api/person.ts";
import { answerAtDesk, recordRefusal } from "../approvals/approvals.ts";
import { type Desk, furnishDesk } from "../approvals/desk.ts";
import { reveal } from "../approvals/routes/reveal.ts";
import { contentKeyOpener } from "../aws/forensic-key.ts";
import { CountersignError } from "../domain/error.ts";
import type { Principal } from "../domain/identity/principal.ts";
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
    const person = await personAt(event, desk);
    if (event.resource === "/audit/quarantine") return quarantined({ event, person });
    return revealed({ event, person });
  });
}

/** An agent's token, or a sign-in of long ago, is refused and recorded before a word of the body is read. */
async function personAt(event: APIGatewayProxyEvent, desk: Desk): Promise<Principal> {
  const { config } = desk.settings;
  try {
    const person = personOf(event, config, desk.now());
    requireFresh(person, config, desk.now());
    return person;
  } catch (error) {
    if (error instanceof CountersignError) await recordRefusal(event, error, desk);
    throw error;
  }
}
