import type { NamedQuery } from "../named-query.ts";

/** Who acted, for whom, and from where. */
export const people: readonly NamedQuery[] = [
  {
    name: "principals",
    question: "Who called, with which client, on whose behalf, and when last?",
    controls: ["IA-2", "AC-2", "AC-2(3)"],
    wants: "rows",
    sql: `
SELECT principal, kind, max(who) AS who, person, client, array_join(delegation, ' < ') AS acting_for, count(*) AS calls, min(happened) AS first_call, max(happened) AS last_call
FROM calls
GROUP BY principal, kind, person, client, array_join(delegation, ' < ')`,
    order: "last_call DESC, principal, client",
  },
  {
    name: "granted-and-used",
    question: "Which tools does each principal use, and which are they only denied?",
    controls: ["AC-6", "AC-6(7)"],
    wants: "rows",
    sql: `
SELECT principal, server, target, count_if(outcome IN ('ok', 'error')) AS ran, count_if(decision = 'deny' OR outcome = 'denied') AS denied, max(happened) AS last_call
FROM calls
WHERE method = 'tools/call'
GROUP BY principal, server, target`,
    order: "principal, server, target",
  },
  {
    name: "new-addresses",
    question: "From which addresses did each principal call, and since when?",
    controls: ["AC-2(12)", "SI-4"],
    wants: "rows",
    sql: `
SELECT principal, ip, min(happened) AS first_call, max(happened) AS last_call, count(*) AS calls
FROM calls
GROUP BY principal, ip`,
    order: "first_call DESC, principal, ip",
  },
  {
    name: "access-refused",
    question: "Who was refused in the console and its API, and what had they tried?",
    controls: ["AC-3", "AU-6", "SI-4"],
    wants: "rows",
    sql: `
SELECT occurredAt AS happened, principal.id AS principal, principal.name AS who, source.ip AS ip, method, target, reason, approval.id AS approval, id
FROM once
WHERE type = 'access.refused'`,
    order: "happened DESC, id",
  },
  {
    name: "blocks",
    question: "Who was blocked or let in again, by whom and why?",
    controls: ["AC-2(4)", "AC-2"],
    wants: "rows",
    sql: `
SELECT occurredAt AS happened, type, target AS account, principal.id AS by_whom, principal.name AS name, reason, id
FROM once
WHERE type IN ('principal.blocked', 'principal.unblocked')`,
    order: "happened DESC, id",
  },
  {
    name: "reveals",
    question: "Who opened, or tried to open, which unmasked original, and why?",
    controls: ["AU-14", "AC-6(9)", "AU-9(6)"],
    wants: "rows",
    sql: `
SELECT happened, type, who, name, ip, revealed, session, call, outcome, reason, array_join(policies, ', ') AS policies, id
FROM reveals`,
    order: "happened DESC, id",
  },
];
