import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { Approval } from "../domain/approval/approval.ts";
import type { RecordApproval, RecordEntry } from "../domain/evidence/record.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { nameOfParts } from "../domain/json/canonical.ts";

/** Longest path that a record holds; what comes after the last slash is the caller's own word. */
const LONGEST_PATH = 200;

/**
 * An attempt that was refused: who tried, on what, and why not.
 *
 * @param row the approval that it was about, where there is one
 */
export function refusedRecord(
  event: APIGatewayProxyEvent,
  who: Principal,
  row: Approval | undefined,
  why: string,
  now: number,
): RecordEntry {
  return {
    type: "access.refused",
    occurredAt: new Date(now).toISOString(),
    method: event.httpMethod,
    outcome: "refused",
    reason: why,
    principal: recordPrincipal(who),
    source: sourceOf(event),
    ...(row === undefined
      ? { session: consoleSession(who), target: event.path.slice(0, LONGEST_PATH) }
      : {
          session: row.session,
          call: row.call,
          server: row.server,
          method: row.method,
          target: row.target,
          approval: { ...approvalFacts(row, now), by: who.name },
        }),
  };
}

/** What a person does in the console without an approval to do it on is the story of their sign-in. */
export const consoleSession = ({ id, signIn }: Principal): string => `console-${nameOfParts([id, signIn])}`;

/** An approval in a record that is about somebody's doing. */
export const approvalFacts = (row: Approval, now: number): RecordApproval => ({
  id: row.id,
  attempt: row.attempt,
  group: row.escalatedTo ?? row.group,
  verdict: null,
  by: null,
  person: null,
  reason: null,
  rendered: null,
  waitedMs: now - row.createdAt,
});
