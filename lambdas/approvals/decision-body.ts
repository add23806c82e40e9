import type { ApprovalScope } from "../domain/approval/approval.ts";
import { CountersignError } from "../domain/error.ts";
import { readConstraint } from "./constraint-body.ts";
import { readReason } from "./reason-body.ts";

export interface DecisionBody {
  readonly verdict: "approve" | "deny";
  readonly reason: string;
  /** SHA-256 (hex) of what the page rendered. */
  readonly rendered: string;
  /** How far a yes reaches; the call alone where nothing is said. */
  readonly scope: ApprovalScope;
}

/**
 * @param reasonRequired whether the groups that were asked want to know why
 * @throws CountersignError `bad_request` that says which field is wrong
 */
export function readDecision(body: Readonly<Record<string, unknown>>, reasonRequired: boolean): DecisionBody {
  const { verdict, rendered } = body;
  if (verdict !== "approve" && verdict !== "deny")
    throw new CountersignError("bad_request", '"verdict" must be "approve" or "deny"');
  if (typeof rendered !== "string" || !/^[0-9a-f]{64}$/.test(rendered))
    throw new CountersignError("bad_request", '"rendered" must be the SHA-256, in hex, of what the page showed');
  return {
    verdict,
    reason: readReason(body, reasonRequired),
    rendered,
    // A denial is of this call, and stands as long as the group's configuration says.
    scope: verdict === "deny" ? { kind: "call" } : readScope(body.scope),
  };
}

/** Minutes: some seconds, and a day. */
const SHORTEST = 0.1;
const LONGEST = 1440;
const MOST_USES = 1000;

function readScope(value: unknown): ApprovalScope {
  if (value === undefined || value === null) return { kind: "call" };
  const scope = (typeof value === "object" ? value : {}) as Readonly<Record<string, unknown>>;
  if (scope.kind === "call" || scope.kind === "session") return { kind: scope.kind };
  if (scope.kind !== "minutes")
    throw new CountersignError("bad_request", '"scope.kind" must be "call", "session" or "minutes"');
  const { minutes, arguments: args } = scope;
  if (typeof minutes !== "number" || !(minutes >= SHORTEST && minutes <= LONGEST))
    throw new CountersignError("bad_request", `"scope.minutes" must be a number from ${SHORTEST} to ${LONGEST}`);
  if (args !== "same" && args !== "any")
    throw new CountersignError("bad_request", '"scope.arguments" must be "same" or "any"');
  const { uses } = scope;
  if (uses !== undefined && (typeof uses !== "number" || !Number.isInteger(uses) || uses < 1 || uses > MOST_USES))
    throw new CountersignError("bad_request", `"scope.uses" must be a whole number from 1 to ${MOST_USES}`);
  const constraint = readConstraint(scope.constraint);
  return { kind: "minutes", minutes, arguments: args, constraint, ...(uses === undefined ? {} : { uses }) };
}
