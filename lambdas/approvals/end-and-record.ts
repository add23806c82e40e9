import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Grant } from "../domain/approval/grant.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { type Actor, actorOf, spokenBy } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { findApproval } from "./find-approval.ts";

export interface Ending {
  readonly event: APIGatewayProxyEvent;
  readonly person: Principal;
  readonly reason: string;
}

/** Ends a grant that is in force, as the person of a request. */
export const endAndRecord = (grant: Grant, { event, person, reason }: Ending, desk: Desk): Promise<void> =>
  endGrantAs(grant, reason, actorOf(event, person), desk);

/**
 * Ends a grant that is in force. The record comes first: a grant that ends has left a trace; at worst the trace of an end that
 * somebody else brought at the same moment.
 */
export async function endGrantAs(grant: Grant, reason: string, actor: Actor, desk: Desk): Promise<void> {
  const now = desk.now();
  const approval = await findApproval(grant.approval, desk).catch(() => undefined);
  await desk.writer.append({
    type: "grant.ended",
    occurredAt: new Date(now).toISOString(),
    // Its approval's session is where an auditor reads how it came to be.
    session: approval?.session ?? actor.session,
    server: grant.server,
    target: grant.tools.join(", "),
    outcome: "ended",
    reason: reason === "" ? `ended by ${actor.name}` : reason,
    ...(actor.who === undefined ? {} : { principal: actor.who }),
    source: actor.source,
    grant: { id: grant.id, approval: grant.approval, expiresAt: new Date(grant.endsAt).toISOString() },
  });
  await desk.grants.end(grant, actor.name, reason, now);
  // What the approval has left would let its call run once more.
  if (approval?.kind === "call")
    await desk.approvals.withdraw(grant.approval, {
      by: actor.name,
      reason: "its grant was ended",
      at: now,
      ...spokenBy(actor),
    });
}
