import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { Approval } from "../domain/approval/approval.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";

/** A decision that was refused: who tried, on what, and why not. */
export function refusedRecord(
  event: APIGatewayProxyEvent,
  who: Principal,
  row: Approval,
  why: string,
  now: number,
): RecordEntry {
  return {
    type: "access.refused",
    occurredAt: new Date(now).toISOString(),
    session: row.session,
    call: row.call,
    server: row.server,
    method: row.method,
    target: row.target,
    outcome: "refused",
    reason: why,
    principal: recordPrincipal(who),
    source: sourceOf(event),
    approval: {
      id: row.id,
      attempt: row.attempt,
      group: row.group,
      verdict: null,
      by: who.name,
      reason: null,
      rendered: null,
      waitedMs: now - row.createdAt,
    },
  };
}
