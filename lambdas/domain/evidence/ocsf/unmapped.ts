import type { LedgerRecord, RecordApproval, RecordBody } from "../record.ts";
import type { Cutter } from "./cutter.ts";
import { toolChangeOf } from "./tool-change.ts";

/** What of a record has no place in the schema, for those who know ours. Bodies by reference alone. */
export function unmappedOf(record: LedgerRecord, signature: string, cut: Cutter) {
  const { decision, digests, request, response, approval, grant, breakGlass, received, revealed, sender } = record;
  return {
    signature,
    ...(decision === undefined ? {} : { decision: decision.kind }),
    ...(digests === undefined ? {} : { digests }),
    ...(request === undefined ? {} : { request: bodyOf(request, cut) }),
    ...(response === undefined ? {} : { response: bodyOf(response, cut) }),
    ...(approval === undefined ? {} : { approval: approvalOf(approval, cut) }),
    ...(grant === undefined ? {} : { grant: { id: cut.text(grant.id), expiresAt: grant.expiresAt } }),
    ...(breakGlass === undefined ? {} : { breakGlass: cut.text(breakGlass) }),
    ...(received === undefined ? {} : { received }),
    ...(sender === undefined ? {} : { sender }),
    ...(revealed === undefined ? {} : { revealed: cut.text(revealed) }),
    ...(record.type === "tool.changed" ? { toolChange: toolChangeOf(record, cut) } : {}),
  };
}

/** Where a body lies, what it hashes to, how much of it was masked. */
const bodyOf = ({ key, originalHash, originalBytes, findingCount, sealedHash }: RecordBody, cut: Cutter) => ({
  ...(key === null ? {} : { key: cut.text(key) }),
  originalHash,
  originalBytes,
  findingCount,
  ...(sealedHash === null ? {} : { sealedHash }),
});

const approvalOf = ({ id, attempt, group, verdict, by, reason }: RecordApproval, cut: Cutter) => ({
  id: cut.text(id),
  attempt,
  group: cut.text(group),
  ...(verdict === null ? {} : { verdict: cut.text(verdict) }),
  ...(by === null ? {} : { by: cut.text(by) }),
  ...(reason === null ? {} : { reason: cut.text(reason) }),
});
