import type { NamedQuery } from "../named-query.ts";

/** Whether the evidence itself is what the controls ask for. */
export const evidence: readonly NamedQuery[] = [
  {
    name: "incomplete-records",
    question: "Does any record about somebody's doing lack one of the six elements of AU-3?",
    controls: ["AU-3", "AU-12"],
    wants: "none",
    sql: `
SELECT type, component, count(*) AS records, count_if(source.ip IS NULL) AS without_source, count_if(principal.id IS NULL) AS without_identity,
  count_if(outcome IS NULL OR outcome = '') AS without_outcome, min(id) AS example
FROM once
WHERE (type LIKE 'call.%' OR type IN ('access.refused', 'transcript.revealed', 'approval.revealed', 'principal.blocked', 'principal.unblocked'))
  AND (type IS NULL OR occurredAt IS NULL OR component IS NULL OR source.ip IS NULL OR principal.id IS NULL OR outcome IS NULL OR outcome = '')
GROUP BY type, component`,
    order: "type, component",
  },
  {
    name: "calls-without-outcome",
    question: "Which calls were received and never got an outcome?",
    controls: ["AU-5", "AU-12", "AU-10"],
    wants: "none",
    sql: `
SELECT happened, principal, server, method, target, outcome, call
FROM calls
WHERE outcome IN ('received', 'unresolved')`,
    order: "happened DESC, call",
  },
  {
    name: "missing-numbers",
    question: "Is a number missing in the run of any writer? (Hashes and signatures are for: countersign verify.)",
    controls: ["AU-9(3)", "SI-7"],
    wants: "none",
    sql: `
SELECT writer_id, component, seq AS present, seq - previous_seq - 1 AS missing_before, recorded
FROM (
  SELECT writer.id AS writer_id, component, writer.seq AS seq, recordedAt AS recorded,
    lag(writer.seq) OVER (PARTITION BY writer.id ORDER BY writer.seq) AS previous_seq
  FROM once
) AS numbered
WHERE previous_seq IS NOT NULL AND seq > previous_seq + 1`,
    order: "writer_id, present",
  },
  {
    name: "late-records",
    question:
      "Was anything recorded more than a minute after it happened, or before? (An hour, where a log, a trail or a look each quarter of an hour tells of it.)",
    controls: ["AU-8", "AU-5"],
    wants: "none",
    sql: `
SELECT type, component, occurredAt AS happened, recordedAt AS recorded, id,
  date_diff('millisecond', from_iso8601_timestamp(occurredAt), from_iso8601_timestamp(recordedAt)) AS lag_ms
FROM once
WHERE date_diff('millisecond', from_iso8601_timestamp(occurredAt), from_iso8601_timestamp(recordedAt))
  NOT BETWEEN -1000 AND (CASE WHEN component IN ('observer', 'reconciler', 'refusals', 'sweeper') THEN 3600000 ELSE 60000 END)`,
    order: "happened DESC, id",
  },
  {
    name: "records-by-day",
    question: "How many records does each day hold, and how far back does the archive reach?",
    controls: ["AU-11", "AU-4"],
    wants: "rows",
    sql: `
SELECT dt AS day, count(*) AS records, count(DISTINCT session) AS sessions, count(DISTINCT call) AS calls, count(DISTINCT writer.id) AS writers,
  min(recordedAt) AS first_record, max(recordedAt) AS last_record
FROM once
GROUP BY dt`,
    order: "day",
  },
  {
    name: "record-types",
    question: "Which kinds of events are recorded, by which part, and how often?",
    controls: ["AU-2", "AU-12"],
    wants: "rows",
    sql: `
SELECT type, component, count(*) AS records, max(occurredAt) AS latest
FROM once
GROUP BY type, component`,
    order: "type, component",
  },
  {
    name: "masked",
    question: "Which kinds of secrets and personal data were masked, and in the answers of which tools?",
    controls: ["AU-3(3)", "SI-12"],
    wants: "rows",
    sql: `
SELECT server, target, kind, count(*) AS places, count(DISTINCT tag) AS different_values, count(DISTINCT call) AS calls
FROM (
  SELECT server, target, call, (element_at(response.findings, place)).kind AS kind, (element_at(response.findings, place)).tag AS tag
  FROM once
  CROSS JOIN UNNEST(sequence(1, greatest(cardinality(response.findings), 1))) AS places(place)
  WHERE type IN ('call.completed', 'message.relayed')
) AS findings
WHERE kind IS NOT NULL
GROUP BY server, target, kind`,
    order: "places DESC, server, target, kind",
  },
  {
    name: "sessions",
    question: "Which sessions were recorded, whose, and when?",
    controls: ["AU-14", "AU-14(1)"],
    wants: "rows",
    sql: `
SELECT session, min(principal.id) AS principal, min(server) AS server, min(occurredAt) AS first_record, max(occurredAt) AS last_record,
  count(*) AS records, count(DISTINCT call) AS calls
FROM once
WHERE type LIKE 'call.%'
GROUP BY session`,
    order: "first_record DESC, session",
  },
];
