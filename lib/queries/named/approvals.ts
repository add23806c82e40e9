import type { NamedQuery } from "../named-query.ts";

/** Human consent, and what came out of it. */
export const consent: readonly NamedQuery[] = [
  {
    name: "approvals-decided",
    question: "Who approved or denied what, why, and how long did it take?",
    controls: ["AC-3(2)", "AU-10"],
    wants: "rows",
    sql: `
SELECT asked, decided, asker, server, target, array_join(risks, ', ') AS risks, approver_group, outcome, array_join(deciders, ', ') AS deciders,
  array_join(reasons, ' / ') AS reasons, waited_ms, used, approval, call
FROM approvals
WHERE decided IS NOT NULL`,
    order: "asked DESC, approval",
  },
  {
    name: "approvals-unanswered",
    question: "Which approvals did nobody decide, and were they escalated?",
    controls: ["AU-6", "AC-3(2)"],
    wants: "rows",
    sql: `
SELECT asked, asker, server, target, approver_group, escalated, expired, withdrawn, approval
FROM approvals
WHERE decided IS NULL`,
    order: "asked DESC, approval",
  },
  {
    name: "self-approvals",
    question: "Did anybody approve what they, or a workload they started, had asked for?",
    controls: ["AC-3(2)", "AC-5", "AU-10"],
    wants: "none",
    sql: `
SELECT asked, asker, asker_person, array_join(decider_persons, ', ') AS deciders, server, target, approval
FROM approvals
WHERE decided IS NOT NULL AND contains(decider_persons, asker_person)`,
    order: "asked DESC, approval",
  },
  {
    name: "used-without-yes",
    question: "Was any approval used that nobody had approved, or used more than once?",
    controls: ["AC-3", "AC-3(2)"],
    wants: "none",
    sql: `
SELECT asked, decided, asker, server, target, outcome, used, approval
FROM approvals
WHERE used > 1 OR (used > 0 AND asked IS NOT NULL AND NOT coalesce(contains(verdicts, 'approve'), FALSE))`,
    order: "asked DESC, approval",
  },
  {
    name: "broken-glass",
    question: "Who ran a call without the approval it needs, for what reason, and what did the review say?",
    controls: ["AC-6(9)", "AC-2(12)"],
    wants: "rows",
    sql: `
SELECT calls.happened, calls.principal, calls.who, calls.server, calls.target, calls.break_glass AS reason, calls.outcome,
  approvals.outcome AS review, array_join(approvals.deciders, ', ') AS reviewed_by, calls.call
FROM calls LEFT JOIN approvals ON approvals.call = calls.call
WHERE calls.break_glass IS NOT NULL`,
    order: "happened DESC, call",
  },
  {
    name: "grants",
    question: "Which temporary permissions were given, on which approval, and how often were they used?",
    controls: ["AC-2", "AC-6(7)"],
    wants: "rows",
    sql: `
SELECT created, principal, server, reach, reason, approval, expires, ended, ended_by, uses, last_used, grant_id
FROM grants
WHERE created IS NOT NULL`,
    order: "created DESC, grant_id",
  },
  {
    name: "grants-never-used",
    question: "Which temporary permissions did nobody need?",
    controls: ["AC-2(3)", "AC-6(7)"],
    wants: "rows",
    sql: `
SELECT created, principal, server, reach, expires, ended, approval, grant_id
FROM grants
WHERE created IS NOT NULL AND uses = 0`,
    order: "created DESC, grant_id",
  },
];
