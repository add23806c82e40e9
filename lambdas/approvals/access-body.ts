import type { Constraint } from "../domain/approval/grant.ts";
import { CountersignError } from "../domain/error.ts";
import { readConstraint } from "./constraint-body.ts";
import { readReason } from "./reason-body.ts";

const MOST_TOOLS = 20;
const LONGEST_NAME = 200;

export interface AccessBody {
  readonly server: string;
  readonly tools: readonly string[];
  readonly minutes: number;
  readonly reason: string;
  readonly constraint: readonly Constraint[];
}

/** @throws CountersignError `bad_request` that says which field is wrong */
export function readAccess(body: Readonly<Record<string, unknown>>): AccessBody {
  const { server, tools, minutes } = body;
  if (typeof server !== "string") throw new CountersignError("bad_request", '"server" must be the name of a server');
  const isName = (name: unknown): name is string =>
    typeof name === "string" && name !== "" && name.length <= LONGEST_NAME;
  if (!Array.isArray(tools) || tools.length === 0 || tools.length > MOST_TOOLS || !tools.every(isName))
    throw new CountersignError("bad_request", `"tools" must be a list of 1 to ${MOST_TOOLS} names of tools`);
  if (typeof minutes !== "number" || !Number.isInteger(minutes) || minutes < 1)
    throw new CountersignError("bad_request", '"minutes" must be a whole number from 1 on');
  return {
    server,
    tools: [...new Set(tools)].sort(),
    minutes,
    reason: readReason(body, true),
    constraint: readConstraint(body.constraint),
  };
}
