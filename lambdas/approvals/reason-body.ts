import { CountersignError } from "../domain/error.ts";

const LONGEST = 1000;
const SHORTEST = 3;

/**
 * The reason of a body, without the space around it.
 *
 * @param required whether there must be one
 * @throws CountersignError `bad_request`
 */
export function readReason({ reason }: Readonly<Record<string, unknown>>, required: boolean): string {
  const text = typeof reason === "string" ? reason.trim() : reason === undefined ? "" : undefined;
  if (text === undefined || text.length > LONGEST)
    throw new CountersignError("bad_request", `"reason" must be a text of at most ${LONGEST} characters`);
  if (required && text.length < SHORTEST)
    throw new CountersignError("bad_request", `"reason" must say why, in ${SHORTEST} to ${LONGEST} characters`);
  return text;
}
