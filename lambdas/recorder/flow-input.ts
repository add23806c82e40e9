import type { Config } from "../../lib/config/schema.ts";
import type { FlowInput } from "../aws/approval-flow.ts";
import type { Approval } from "../domain/approval/approval.ts";
import { mailOf } from "../domain/approval/mail.ts";
import { CountersignError } from "../domain/error.ts";

/**
 * What the state machine is started with. The waits follow from the row's own deadline and the group's
 * configuration, not from the clock, so that a second start of the same approval has the same input.
 */
export function flowInput(
  row: Approval,
  key: { pk: string; sk: string },
  config: Config,
  topics: Readonly<Record<string, string>>,
): FlowInput {
  const group = config.approverGroups.find((entry) => entry.name === row.group);
  const topicArn = topics[row.group];
  if (group === undefined || topicArn === undefined)
    throw new CountersignError("policy_invalid", `the approver group ${row.group} has no topic`);
  const total = Math.ceil((row.deadline - row.createdAt) / 1000);
  const { escalation } = group;
  return {
    approvalId: row.id,
    ...key,
    topicArn,
    ...mailOf(row),
    firstWaitSeconds: escalation?.after ?? total,
    escalate: escalation !== null,
    escalationTopicArn: escalation === null ? "" : (topics[escalation.to] ?? ""),
    escalationGroup: escalation?.to ?? "",
    secondWaitSeconds: escalation === null ? 0 : total - escalation.after,
  };
}
