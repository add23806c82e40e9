import type { Approval, ApprovalDecision, ApprovalScope } from "./approval.ts";
import type { Constraint } from "./grant.ts";

/** How far an approval reaches beyond its call. */
export interface Reach {
  readonly minutes: number;
  /** It ends with the session, whatever time is left. */
  readonly session: boolean;
  /** The very arguments of the call, or any inside the constraint. */
  readonly arguments: "same" | "any";
  readonly constraint: readonly Constraint[];
  /** Calls after which it is used up; null for as many as its time allows. */
  readonly uses: number | null;
}

/** Minutes after which a grant for a session ends at the latest: some sessions never say that they are over. */
export const LONGEST_SESSION = 12 * 60;

/**
 * How far the yes of all who approved reaches: no further than that of any of them. Null when it is for the call alone.
 */
export function scopeOf(decisions: readonly ApprovalDecision[]): Reach | null {
  const reaches = decisions.filter(({ verdict }) => verdict === "approve").map(({ scope }) => reachOf(scope));
  return (
    reaches.reduce<Reach | null | undefined>(
      (sofar, next) => (sofar === undefined ? next : sofar && next && narrower(sofar, next)),
      undefined,
    ) ?? null
  );
}

/** What both allow. */
export const narrower = (one: Reach, other: Reach): Reach => ({
  minutes: Math.min(one.minutes, other.minutes),
  session: one.session || other.session,
  arguments: one.arguments === "same" || other.arguments === "same" ? "same" : "any",
  constraint: distinct([...one.constraint, ...other.constraint]),
  uses: one.uses === null ? other.uses : other.uses === null ? one.uses : Math.min(one.uses, other.uses),
});

/** The reach of one person's answer; null for the call alone. */
export function reachOf(scope: ApprovalScope): Reach | null {
  if (scope.kind === "call") return null;
  if (scope.kind === "session")
    return { minutes: LONGEST_SESSION, session: true, arguments: "any", constraint: [], uses: null };
  const { minutes, arguments: args, constraint, uses = null } = scope;
  return { minutes, session: false, arguments: args, constraint, uses };
}

/** Why an answer cannot reach that far, and how far it can; null when it can. */
export function whyNotScope(scope: ApprovalScope, row: Approval): string | null {
  if (scope.kind === "call") return null;
  const may = allowedScopes(row);
  const most = row.kind === "access" ? row.access?.minutes : row.scopes.maxMinutes;
  const allowed =
    scope.kind === "session"
      ? row.kind === "call" && row.scopes.session && !row.sessionEnded
      : (row.kind === "call" || row.kind === "access") && typeof most === "number" && scope.minutes <= most;
  if (!allowed) return `policy allows here: ${may.join("; or ")}`;
  if (row.method !== "tools/call") return "only calls of tools can be approved beyond the one call";
  if (scope.kind === "minutes" && scope.arguments === "same" && row.kind === "access")
    return "access that is asked for ahead has no arguments yet: approve it for any inside a constraint";
  if (scope.kind === "minutes" && scope.arguments === "same" && row.argumentsDigest === undefined)
    return "these arguments cannot be told again: approve this call alone, or any arguments inside a constraint";
  return null;
}

/** How far an answer can reach, as a page offers it: no further than `whyNotScope` lets it. */
export function offeredScopes(row: Approval): Approval["scopes"] {
  const { maxMinutes } = row.scopes;
  const allows = (scope: ApprovalScope) => whyNotScope(scope, row) === null;
  const isTimed =
    maxMinutes !== null && allows({ kind: "minutes", minutes: maxMinutes, arguments: "any", constraint: [] });
  return { session: allows({ kind: "session" }), maxMinutes: isTimed ? maxMinutes : null };
}

function allowedScopes({ kind, scopes, access, sessionEnded }: Approval): string[] {
  if (kind === "review") return ["to acknowledge what ran, and nothing beyond it"];
  if (kind === "reveal") return ["this reveal, once"];
  if (kind === "access") return [`what was asked for, up to ${access?.minutes} minutes`];
  return [
    "this call",
    ...(scopes.session && !sessionEnded ? ["this session"] : []),
    ...(scopes.maxMinutes === null ? [] : [`up to ${scopes.maxMinutes} minutes`]),
  ];
}

const distinct = (constraint: readonly Constraint[]): Constraint[] => [
  ...new Map(constraint.map((limit) => [JSON.stringify([limit.pointer, limit.equals, limit.prefix]), limit])).values(),
];
