import { CountersignError } from "../domain/error.ts";

/** @throws CountersignError `bad_request` that says which field is wrong */
export function readReveal({ record, reason }: Readonly<Record<string, unknown>>): {
  readonly record: string;
  readonly reason: string;
} {
  if (typeof record !== "string" || !/^[0-9A-HJKMNP-TV-Z]{26}$/.test(record))
    throw new CountersignError("bad_request", '"record" must be the id of a record');
  if (typeof reason !== "string" || reason.trim().length < 3 || reason.length > 1000)
    throw new CountersignError("bad_request", '"reason" must be a text of 3 to 1000 characters');
  return { record, reason: reason.trim() };
}
