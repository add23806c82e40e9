import type { LedgerRecord, RecordType } from "../record.ts";

/** `activity_id` of API Activity, and the name that goes with it. */
interface Activity {
  readonly id: 1 | 2 | 3 | 4 | 99;
  readonly name: string;
}

const CREATE: Activity = { id: 1, name: "Create" };
const READ: Activity = { id: 2, name: "Read" };
const UPDATE: Activity = { id: 3, name: "Update" };
const DELETE: Activity = { id: 4, name: "Delete" };
/** What the OCSF working group calls a call of MCP: it has no activity of its own. */
const INVOKE: Activity = { id: 99, name: "Invoke" };

/** What a record of each type does, in OCSF's words. */
export const ACTIVITY = {
  "writer.opened": CREATE,
  "writer.closed": DELETE,
  "call.received": INVOKE,
  "call.completed": INVOKE,
  "call.denied": INVOKE,
  "call.unresolved": INVOKE,
  "message.relayed": INVOKE,
  "access.refused": INVOKE,
  "approval.requested": CREATE,
  "approval.decided": UPDATE,
  "approval.escalated": UPDATE,
  "approval.expired": UPDATE,
  "approval.withdrawn": UPDATE,
  "approval.consumed": UPDATE,
  "approval.revealed": READ,
  "grant.created": CREATE,
  "grant.ended": DELETE,
  "principal.blocked": UPDATE,
  "principal.unblocked": UPDATE,
  "tool.pinned": CREATE,
  "tool.changed": UPDATE,
  "hold.put": CREATE,
  "hold.lift-asked": UPDATE,
  "hold.lifted": DELETE,
  "ledger.tampered": UPDATE,
  "query.run": READ,
  "role.unexplained": CREATE,
  "seal.opened": READ,
  "seal.unexplained": READ,
  "transcript.read": READ,
  "transcript.revealed": READ,
  "transcript.quarantined": UPDATE,
} as const satisfies Record<RecordType, Activity>;

const ACTION = { allowed: 1, denied: 2, observed: 3, modified: 4 } as const;
const DISPOSITION = {
  allowed: 1,
  blocked: 2,
  approved: 8,
  corrected: 11,
  delayed: 14,
  detected: 15,
  logged: 17,
  revoked: 24,
  rejected: 25,
  unauthorized: 26,
  error: 27,
} as const;
const SEVERITY = { informational: 1, low: 2, medium: 3, high: 4 } as const;
const STATUS = { success: 1, failure: 2 } as const;

/** Outcomes that are failures of what was asked. */
const FAILED = new Set([
  "cancelled",
  "denied",
  "error",
  "expired",
  "in-doubt",
  "not-sent",
  "refused",
  "refused-by-server",
  "tool-error",
  "unknown",
  "unresolved",
  "withdrawn",
  "withheld",
]);

/** How it was decided, how it ended, and how much it matters: the members of profile `security_control`, status and severity. */
export function ocsfVerdict(record: LedgerRecord) {
  const [action, disposition] = decisionOf(record);
  return {
    action_id: ACTION[action],
    action: ACTION_NAMES[action],
    disposition_id: DISPOSITION[disposition],
    severity_id: SEVERITY[severityOf(record)],
    status_id: FAILED.has(record.outcome) ? STATUS.failure : STATUS.success,
  };
}

const ACTION_NAMES = { allowed: "Allowed", denied: "Denied", observed: "Observed", modified: "Modified" } as const;

type Decided = readonly [keyof typeof ACTION, keyof typeof DISPOSITION];

function decisionOf({ type, outcome, decision, approval, request, response }: LedgerRecord): Decided {
  switch (type) {
    case "call.denied":
      return ["denied", "blocked"];
    case "access.refused":
      return ["denied", "unauthorized"];
    case "call.received":
      return decision?.kind === "approve" ? ["observed", "delayed"] : ["allowed", "allowed"];
    case "approval.requested":
    case "approval.escalated":
      return ["observed", "delayed"];
    case "approval.decided":
      return approval?.verdict === "deny" ? ["denied", "rejected"] : ["allowed", "approved"];
    case "approval.expired":
    case "approval.withdrawn":
      return ["denied", "rejected"];
    case "principal.blocked":
    case "grant.ended":
      return ["denied", "revoked"];
    case "tool.changed":
      return ["observed", "detected"];
    case "ledger.tampered":
    case "role.unexplained":
    case "seal.unexplained":
      return ["observed", "detected"];
    case "call.unresolved":
    case "writer.closed":
      return ["observed", "error"];
    case "call.completed":
    case "message.relayed":
      if (outcome === "denied" || outcome === "withheld") return ["denied", "blocked"];
      if (outcome === "waiting" || outcome === "pending") return ["observed", "delayed"];
      return (request?.findingCount ?? 0) + (response?.findingCount ?? 0) > 0
        ? ["modified", "corrected"]
        : ["allowed", "allowed"];
    default:
      return ["observed", "logged"];
  }
}

function severityOf({ type, breakGlass }: LedgerRecord): keyof typeof SEVERITY {
  if (breakGlass !== undefined) return "high";
  switch (type) {
    case "ledger.tampered":
    case "role.unexplained":
    case "seal.unexplained":
      return "high";
    case "tool.changed":
    case "call.unresolved":
    case "writer.closed":
    case "principal.blocked":
    case "transcript.revealed":
    case "transcript.quarantined":
      return "medium";
    case "call.denied":
    case "access.refused":
      return "low";
    default:
      return "informational";
  }
}
