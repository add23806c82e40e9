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
  key: { readonly pk: string; readonly sk: string },
  config: Config,
  topics: Readonly<Record<string, string>>,
): FlowInput {
  const group = config.approverGroups.find((entry) => entry.name === row.group);
  const topicArn = topics[row.group];
  if (group === undefined || topicArn === undefined)
    throw new CountersignError("policy_invalid", `the approver group ${row.group} has no topic`);
  const { subject, reminderSubject, message } = mailOf(row);
  const total = Math.max(1, Math.ceil((row.deadline - row.createdAt) / 1000));
  // The configuration may be another than the one the row was made under: what does not fit before its end is left out.
  const escalation = group.escalation !== null && group.escalation.after < total ? group.escalation : null;
  const first = escalation?.after ?? total;
  const remind = group.remindAfter !== null && group.remindAfter < first ? group.remindAfter : null;
  return {
    approvalId: row.id,
    ...key,
    baseUrl: row.baseUrl,
    group: row.group,
    topicArn,
    subject,
    reminderSubject,
    message,
    singleMails: config.limits.singleMails,
    firstWaitSeconds: remind ?? first,
    remind: remind !== null,
    reminderWaitSeconds: remind === null ? 0 : first - remind,
    escalate: escalation !== null,
    escalationTopicArn: escalation === null ? "" : (topics[escalation.to] ?? ""),
    escalationGroup: escalation?.to ?? "",
    escalationWaitSeconds: escalation === null ? 0 : total - escalation.after,
  };
}
