import type { NamedQuery } from "../named-query.ts";

/** What was allowed and denied, and by which rules. */
export const decisions: readonly NamedQuery[] = [
  {
    name: "decisions",
    question: "How was every call decided, by which policies, and how did it end?",
    controls: ["AC-3", "AU-12"],
    wants: "rows",
    sql: `
SELECT server, method, target, decision, array_join(policies, ', ') AS policies, outcome, count(*) AS calls, max(happened) AS latest
FROM calls
GROUP BY server, method, target, decision, array_join(policies, ', '), outcome`,
    order: "calls DESC, server, method, target, decision, outcome",
  },
  {
    name: "denied-calls",
    question: "Who tried what they may not do, and why was it denied?",
    controls: ["AC-3", "AC-6(10)"],
    wants: "rows",
    sql: `
SELECT happened, principal, who, client, server, method, target, array_join(risks, ', ') AS risks, array_join(policies, ', ') AS policies, reason, ip, call
FROM calls
WHERE decision = 'deny' OR outcome = 'denied'`,
    order: "happened DESC, call",
  },
  {
    name: "denied-servers",
    question: "What did servers ask of their callers that was not let through?",
    controls: ["AC-3", "SC-7"],
    wants: "rows",
    sql: `
SELECT occurredAt AS happened, server, method, target, principal.id AS principal, reason, call, id
FROM once
WHERE type = 'call.denied' AND reason LIKE 'from the server:%'`,
    order: "happened DESC, id",
  },
  {
    name: "allowed-without-rule",
    question: "Did any call run that no policy permitted, or that needed an approval and had none?",
    controls: ["AC-3", "AC-6"],
    wants: "none",
    sql: `
SELECT happened, principal, server, method, target, decision, outcome, call
FROM calls
WHERE outcome IN ('ok', 'error', 'ended', 'withheld')
  AND ((decision = 'allow' AND cardinality(policies) = 0)
    OR (decision = 'approve' AND approval IS NULL AND grant_id IS NULL AND break_glass IS NULL)
    OR decision = 'deny')`,
    order: "happened DESC, call",
  },
  {
    name: "risky-calls",
    question: "Which calls with a risk ran, for whom, and on whose approval?",
    controls: ["AC-6(9)", "AU-6(8)"],
    wants: "rows",
    sql: `
SELECT calls.happened, calls.principal, calls.client, calls.server, calls.target, array_join(calls.risks, ', ') AS risks,
  calls.decision, calls.approval, array_join(approvals.deciders, ', ') AS approved_by, calls.grant_id, calls.break_glass, calls.outcome, calls.call
FROM calls LEFT JOIN approvals ON approvals.approval = calls.approval
WHERE cardinality(calls.risks) > 0 AND calls.outcome NOT IN ('denied', 'pending', 'waiting', 'refused')`,
    order: "happened DESC, call",
  },
  {
    name: "rules-in-force",
    question: "Which versions of the policies decided, from when until when?",
    controls: ["CM-3", "CM-5"],
    wants: "rows",
    sql: `
SELECT digests.policy AS policy_digest, digests.risks AS risks_digest, digests.masking AS masking_digest,
  min(occurredAt) AS first_used, max(occurredAt) AS last_used, count(DISTINCT call) AS calls
FROM once
WHERE digests.policy IS NOT NULL
GROUP BY digests.policy, digests.risks, digests.masking`,
    order: "first_used",
  },
  {
    name: "tool-changes",
    question: "Which tools were trusted for the first time, and which changed what they say of themselves?",
    controls: ["CM-3", "SI-7"],
    wants: "rows",
    sql: `
SELECT occurredAt AS happened, type, server, target, outcome, reason, principal.id AS principal, id
FROM once
WHERE type IN ('tool.pinned', 'tool.changed')`,
    order: "happened DESC, id",
  },
];
