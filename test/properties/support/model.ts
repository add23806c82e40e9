import type { ApprovalStatus } from "../../../lambdas/domain/approval/approval.ts";
import type { Tool } from "./world.ts";

/** Times of the world that the model runs in, in milliseconds; the last is `LONGEST_RUN` of the gateway. */
const MINUTE = 60_000;
export const TIMES = {
  expires: 60 * MINUTE,
  denialStands: 15 * MINUTE,
  collect: 10 * MINUTE,
  longestRun: 16 * MINUTE,
} as const;

/** An attempt as the statechart in docs/approvals.md has it. */
export interface Attempt {
  id: string;
  status: ApprovalStatus;
  readonly approvers: Set<number>;
  createdAt: number;
  decidedAt: number;
  until: number;
  completedAt: number;
}

/** One call that its client makes again and again. */
export interface ModelCall {
  readonly tool: Tool;
  readonly quorum: number;
  /** The server does it, and breaks off before it answers. */
  readonly dies: boolean;
  attempt: Attempt | undefined;
  runs: number;
}

export interface Model {
  readonly calls: readonly ModelCall[];
  blocked: boolean;
  serverOpen: boolean;
}

export const newModel = (): Model => ({
  calls: [
    { tool: "create_role", quorum: 1, dies: false, attempt: undefined, runs: 0 },
    { tool: "create_role", quorum: 1, dies: true, attempt: undefined, runs: 0 },
    { tool: "add_user", quorum: 2, dies: false, attempt: undefined, runs: 0 },
  ],
  blocked: false,
  serverOpen: true,
});

/** The state as it is read: some states end by time alone. */
export function stateOf(attempt: Attempt | undefined, now: number): ApprovalStatus | "NONE" {
  if (attempt === undefined) return "NONE";
  const { status, createdAt, until } = attempt;
  if (status === "PENDING" && now >= createdAt + TIMES.expires) return "EXPIRED";
  if (status === "APPROVED" && now >= until) return "EXPIRED";
  if (status === "EXECUTING" && now >= until) return "UNKNOWN";
  return status;
}

/** Whether the same call asks anew. */
export function isOver(attempt: Attempt | undefined, now: number): boolean {
  switch (stateOf(attempt, now)) {
    case "NONE":
    case "EXPIRED":
    case "WITHDRAWN":
      return true;
    case "DENIED":
      return now >= (attempt?.decidedAt ?? 0) + TIMES.denialStands;
    case "COMPLETED":
      return now >= (attempt?.completedAt ?? 0) + TIMES.collect;
    case "UNKNOWN":
      return now >= (attempt?.until ?? 0) + TIMES.collect;
    default:
      return false;
  }
}

/** Whether a denial of the same tool, of whatever arguments, stands. */
export const denialStands = ({ calls }: Model, { tool }: ModelCall, now: number): boolean =>
  calls.some(
    ({ tool: other, attempt }) =>
      other === tool && attempt?.status === "DENIED" && now < attempt.decidedAt + TIMES.denialStands,
  );

/** What somebody says on an attempt; undefined where it must be refused. */
export function decided(
  model: Model,
  { attempt, quorum }: ModelCall,
  who: number,
  verdict: "approve" | "deny",
  now: number,
): ApprovalStatus | undefined {
  if (attempt === undefined || stateOf(attempt, now) !== "PENDING" || attempt.approvers.has(who)) return undefined;
  if (verdict === "deny") return "DENIED";
  if (model.blocked) return undefined;
  return attempt.approvers.size + 1 >= quorum ? "APPROVED" : "PENDING";
}
