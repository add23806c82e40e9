import type { View } from "./view.ts";

/** Of a call's own records, without those about its approval: the recorder writes them with other ids. */
const OWN = "FILTER (WHERE type <> 'approval.consumed')";
const ASKED = "FILTER (WHERE type = 'approval.requested')";
const DECIDED = "FILTER (WHERE type = 'approval.decided')";
const CREATED = "FILTER (WHERE type = 'grant.created')";
const ENDED = "FILTER (WHERE type = 'grant.ended')";
const USED = "FILTER (WHERE type = 'call.completed')";

// What a server asks in the midst of a call is denied without ending the call; a stream that was detached ends its call, and
// is taken up by one of its own.
const calls: View = {
  name: "calls",
  about: "one row for each call: who, what, how it was decided, on whose approval, and how it ended",
  columns: [
    { name: "call", type: "varchar", sql: "call" },
    { name: "session", type: "varchar", sql: `min_by(session, id) ${OWN}` },
    { name: "happened", type: "varchar", sql: `min(occurredAt) ${OWN}` },
    { name: "principal", type: "varchar", sql: `min_by(principal.id, id) ${OWN}` },
    { name: "kind", type: "varchar", sql: `min_by(principal.kind, id) ${OWN}` },
    { name: "who", type: "varchar", sql: `min_by(principal.name, id) ${OWN}` },
    {
      name: "person",
      type: "varchar",
      sql: `min_by(coalesce(principal.initiator, principal.person, principal.id), id) ${OWN}`,
    },
    { name: "client", type: "varchar", sql: `min_by(principal.client, id) ${OWN}` },
    { name: "delegation", type: "array(varchar)", sql: `min_by(principal.delegation, id) ${OWN}` },
    { name: "ip", type: "varchar", sql: `min_by(source.ip, id) ${OWN}` },
    { name: "server", type: "varchar", sql: `min_by(server, id) ${OWN}` },
    { name: "method", type: "varchar", sql: `min_by(method, id) ${OWN}` },
    { name: "target", type: "varchar", sql: `min_by(target, id) ${OWN}` },
    { name: "risks", type: "array(varchar)", sql: `min_by(risks, id) ${OWN}` },
    { name: "decision", type: "varchar", sql: `max_by(decision.kind, id) ${OWN}` },
    { name: "policies", type: "array(varchar)", sql: `max_by(decision.policies, id) ${OWN}` },
    { name: "policy_digest", type: "varchar", sql: `max_by(digests.policy, id) ${OWN}` },
    { name: "approval", type: "varchar", sql: "max(approval.id)" },
    { name: "grant_id", type: "varchar", sql: 'max("grant".id)' },
    { name: "break_glass", type: "varchar", sql: "max(breakGlass)" },
    { name: "outcome", type: "varchar", sql: `max_by(outcome, id) ${OWN}` },
    { name: "reason", type: "varchar", sql: `max_by(coalesce(reason, ''), id) ${OWN}` },
    { name: "duration_ms", type: "bigint", sql: "max(durationMs)" },
    { name: "bytes_in", type: "bigint", sql: "max(request.originalBytes)" },
    { name: "bytes_out", type: "bigint", sql: "max(response.originalBytes)" },
    {
      name: "masked",
      type: "bigint",
      sql: "CAST(sum(coalesce(request.findingCount, 0) + coalesce(response.findingCount, 0)) AS bigint)",
    },
  ],
  from: `FROM once
WHERE call IS NOT NULL
  AND (type IN ('call.received', 'call.completed', 'call.unresolved', 'approval.consumed')
    OR (type = 'call.denied' AND coalesce(reason, '') NOT LIKE 'from the server:%')
    OR (type = 'message.relayed' AND outcome = 'detached'))
GROUP BY call
HAVING count_if(type <> 'approval.consumed') > 0`,
};

const approvals: View = {
  name: "approvals",
  about: "one row for each approval: who asked for what, who decided, why, how long it took, and what became of it",
  columns: [
    { name: "approval", type: "varchar", sql: "approval.id" },
    { name: "session", type: "varchar", sql: "min_by(session, id)" },
    { name: "call", type: "varchar", sql: `min(call) ${ASKED}` },
    { name: "server", type: "varchar", sql: "min_by(server, id)" },
    { name: "target", type: "varchar", sql: "min_by(target, id)" },
    { name: "risks", type: "array(varchar)", sql: "min_by(risks, id)" },
    { name: "policies", type: "array(varchar)", sql: "min_by(decision.policies, id)" },
    { name: "asker", type: "varchar", sql: "min_by(principal.id, id)" },
    {
      name: "asker_person",
      type: "varchar",
      sql: "min_by(coalesce(principal.initiator, principal.person, principal.id), id)",
    },
    { name: "approver_group", type: "varchar", sql: 'max_by(approval."group", id)' },
    { name: "asked", type: "varchar", sql: `min(occurredAt) ${ASKED}` },
    { name: "decided", type: "varchar", sql: `max(occurredAt) ${DECIDED}` },
    { name: "outcome", type: "varchar", sql: `max_by(outcome, id) ${DECIDED}` },
    { name: "verdicts", type: "array(varchar)", sql: `array_agg(approval.verdict ORDER BY id) ${DECIDED}` },
    { name: "deciders", type: "array(varchar)", sql: `array_agg(approval."by" ORDER BY id) ${DECIDED}` },
    {
      name: "decider_persons",
      type: "array(varchar)",
      sql: `array_agg(coalesce(approval.person, approval.who.id, approval."by") ORDER BY id) ${DECIDED}`,
    },
    { name: "reasons", type: "array(varchar)", sql: `array_agg(approval.reason ORDER BY id) ${DECIDED}` },
    { name: "waited_ms", type: "bigint", sql: `max(approval.waitedMs) ${DECIDED}` },
    { name: "escalated", type: "bigint", sql: "count(*) FILTER (WHERE type = 'approval.escalated')" },
    { name: "expired", type: "bigint", sql: "count(*) FILTER (WHERE type = 'approval.expired')" },
    { name: "withdrawn", type: "bigint", sql: "count(*) FILTER (WHERE type = 'approval.withdrawn')" },
    { name: "used", type: "bigint", sql: "count(*) FILTER (WHERE type = 'approval.consumed')" },
  ],
  from: `FROM once
WHERE type IN ('approval.requested', 'approval.decided', 'approval.escalated', 'approval.expired', 'approval.withdrawn', 'approval.consumed')
GROUP BY approval.id`,
};

const grants: View = {
  name: "grants",
  about: "one row for each grant: whose, what it reaches, who ended it, and how often it was used",
  columns: [
    { name: "grant_id", type: "varchar", sql: '"grant".id' },
    { name: "approval", type: "varchar", sql: 'max("grant".approval)' },
    { name: "principal", type: "varchar", sql: `min(principal.id) ${CREATED}` },
    { name: "server", type: "varchar", sql: `min(server) ${CREATED}` },
    { name: "reach", type: "varchar", sql: `min("grant".reach) ${CREATED}` },
    { name: "reason", type: "varchar", sql: `min(reason) ${CREATED}` },
    { name: "created", type: "varchar", sql: `min(occurredAt) ${CREATED}` },
    { name: "expires", type: "varchar", sql: 'min("grant".expiresAt)' },
    { name: "ended", type: "varchar", sql: `min(occurredAt) ${ENDED}` },
    { name: "ended_by", type: "varchar", sql: `min(principal.id) ${ENDED}` },
    { name: "uses", type: "bigint", sql: "count(*) FILTER (WHERE type = 'call.completed')" },
    { name: "last_used", type: "varchar", sql: `max(occurredAt) ${USED}` },
  ],
  from: `FROM once
WHERE "grant".id IS NOT NULL
GROUP BY "grant".id`,
};

const reveals: View = {
  name: "reveals",
  about: "one row for each original that somebody opened or tried to open, with the reason given",
  columns: [
    { name: "id", type: "varchar", sql: "id" },
    { name: "happened", type: "varchar", sql: "occurredAt" },
    { name: "type", type: "varchar", sql: "type" },
    { name: "who", type: "varchar", sql: "principal.id" },
    { name: "name", type: "varchar", sql: "principal.name" },
    { name: "ip", type: "varchar", sql: "source.ip" },
    { name: "revealed", type: "varchar", sql: "coalesce(revealed, approval.id)" },
    { name: "session", type: "varchar", sql: "session" },
    { name: "call", type: "varchar", sql: "call" },
    { name: "outcome", type: "varchar", sql: "outcome" },
    { name: "reason", type: "varchar", sql: "reason" },
    { name: "policies", type: "array(varchar)", sql: "decision.policies" },
  ],
  from: `FROM once
WHERE type IN ('transcript.revealed', 'approval.revealed') OR (type = 'access.refused' AND revealed IS NOT NULL)`,
};

/** The views over the masked archive. */
export const VIEWS = [calls, approvals, grants, reveals] as const;
