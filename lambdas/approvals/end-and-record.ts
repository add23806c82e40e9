import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { Grant } from "../domain/approval/grant.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import type { Desk } from "./desk.ts";
import { findApproval } from "./find-approval.ts";
import { consoleSession } from "./refused-record.ts";
import { speaker } from "./speaker.ts";

export interface Ending {
  readonly event: APIGatewayProxyEvent;
  readonly person: Principal;
  readonly reason: string;
}

/**
 * Ends a grant that is in force. The record comes first: a grant that ends has left a trace; at worst the trace of an end that
 * somebody else brought at the same moment.
 */
export async function endAndRecord(grant: Grant, { event, person, reason }: Ending, desk: Desk): Promise<void> {
  const now = desk.now();
  const approval = await findApproval(grant.approval, desk).catch(() => undefined);
  await desk.writer.append({
    type: "grant.ended",
    occurredAt: new Date(now).toISOString(),
    // Its approval's session is where an auditor reads how it came to be.
    session: approval?.session ?? consoleSession(person),
    server: grant.server,
    target: grant.tools.join(", "),
    outcome: "ended",
    reason: reason === "" ? `ended by ${person.name}` : reason,
    principal: recordPrincipal(person),
    source: sourceOf(event),
    grant: { id: grant.id, approval: grant.approval, expiresAt: new Date(grant.endsAt).toISOString() },
  });
  await desk.grants.end(grant, person.name, reason, now);
  // What the approval has left would let its call run once more.
  if (approval?.kind === "call")
    await desk.approvals.withdraw(grant.approval, {
      by: person.name,
      reason: "its grant was ended",
      at: now,
      ...speaker(event, person),
    });
}
