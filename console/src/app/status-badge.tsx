import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ApprovalKind, Status } from "../api/approval.ts";
import { statusWords } from "../text/words.ts";

export function StatusBadge({ status, kind = "call" }: { status: Status; kind?: ApprovalKind }) {
  const { label, type } = statusWords(status, kind);
  return <StatusIndicator type={type}>{label}</StatusIndicator>;
}
