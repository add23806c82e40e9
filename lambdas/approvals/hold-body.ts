import { CountersignError } from "../domain/error.ts";
import type { HoldSelection } from "../domain/evidence/hold.ts";

/** @throws CountersignError `bad_request` that says which field is wrong, or that nothing would bound the hold */
export function readHold({ session, principal, from, until }: Readonly<Record<string, unknown>>): HoldSelection {
  const selection = {
    session: textOf("session", session),
    principal: textOf("principal", principal),
    from: timeOf("from", from),
    until: timeOf("until", until),
  };
  if (Object.values(selection).every((value) => value === null))
    throw new CountersignError("bad_request", 'one of "session", "principal", "from" and "until" must be given');
  if (selection.from !== null && selection.until !== null && selection.from > selection.until)
    throw new CountersignError("bad_request", '"from" must not be after "until"');
  return selection;
}

function textOf(field: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || value === "" || value.length > 500)
    throw new CountersignError("bad_request", `"${field}" must be a text of 1 to 500 characters`);
  return value;
}

function timeOf(field: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const time = typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new CountersignError("bad_request", `"${field}" must be a time (RFC 3339)`);
  return time;
}
