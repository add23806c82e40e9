import type { APIGatewayProxyEvent } from "aws-lambda";
import { callerOf } from "../api/person.ts";
import type { CountersignError } from "../domain/error.ts";
import { type Noted, notedWhy } from "../domain/identity/refusal-meter.ts";
import type { Desk } from "./desk.ts";
import { approvalOf } from "./find-approval.ts";
import { refusedRecord } from "./refused-record.ts";
import { idIfAny } from "./route.ts";

const SINGLE: Noted = { kind: "single" };

/**
 * An attempt to do what one must not is evidence in itself. Of a flood a few are recorded, and how many there were at the least.
 * What people try on an approval that there is belongs to its story, and is recorded each time. What is answered with 401 and
 * 403 is counted from the access log (`lambdas/refusals`).
 *
 * @param welcome whether the one who asked might come in at all
 */
export async function recordRefusal(
  event: APIGatewayProxyEvent,
  error: CountersignError,
  desk: Desk,
  welcome = false,
): Promise<void> {
  const who = callerOf(event);
  if (who === undefined) return;
  // A path that nobody can read is refused like any other, and leaves its record.
  const id = event.resource.startsWith("/approvals/{id}") ? idIfAny(event) : undefined;
  const row = id === undefined ? undefined : await approvalOf(id, desk);
  // Each path and reason by itself: nobody hides one attempt behind a thousand others.
  const kind = `${who.id} ${event.httpMethod} ${event.resource} ${error.code}`;
  const noted = welcome && row !== undefined ? SINGLE : desk.refusals(kind, desk.now());
  if (noted === undefined) return;
  const why = notedWhy(error.message, noted, "of this kind and principal");
  await desk.writer.append(refusedRecord(event, who, row, why, desk.now()));
}
