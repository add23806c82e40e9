import type { Constraint } from "../domain/approval/grant.ts";
import { CountersignError } from "../domain/error.ts";

const MOST = 10;
const LONGEST = 1000;
/** RFC 6901, section 3: not the root, for a limit is on one argument. */
const POINTER = /^(?:\/(?:[^/~]|~[01])*)+$/;

/** @throws CountersignError `bad_request` that says what a constraint is */
export function readConstraint(value: unknown): Constraint[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST)
    throw new CountersignError("bad_request", `"constraint" must be a list of at most ${MOST} limits`);
  return value.map(readLimit);
}

function readLimit(value: unknown): Constraint {
  const { pointer, equals, prefix, ...others } = (typeof value === "object" && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const isText = (text: unknown): text is string => typeof text === "string" && text.length <= LONGEST;
  const isLimit = (text: unknown) => text === undefined || isText(text);
  if (
    !isText(pointer) ||
    !POINTER.test(pointer) ||
    !isLimit(equals) ||
    !isLimit(prefix) ||
    (equals === undefined && !prefix) ||
    Object.keys(others).length > 0
  )
    throw new CountersignError(
      "bad_request",
      'each entry of "constraint" must have a "pointer" to one argument (RFC 6901) and "equals" or "prefix", texts',
    );
  return {
    pointer,
    ...(typeof equals === "string" ? { equals } : {}),
    ...(typeof prefix === "string" ? { prefix } : {}),
  };
}
