import type { LedgerRecord, RecordBody, RecordType } from "./record.ts";

/** A body of a record as a story tells it: its masked text, or why there is none. */
export type ToldBody = { readonly text: string } | { readonly missing: string };

/** How a step ended, for those who look for what stands out. */
export type Tone = "good" | "bad" | "waiting" | "plain";

/** One thing that a step tells. What callers and servers wrote is in it as they wrote it: whoever shows it makes it harmless. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  /** Whether it is a body, which may be long. */
  readonly body?: true;
}

/** One record of a session, told. */
export interface Step {
  /** Id of its record. */
  readonly id: string;
  readonly type: RecordType;
  /** RFC 3339 UTC: when it happened. */
  readonly at: string;
  /** Milliseconds since the step before; 0 for the first. */
  readonly gap: number;
  readonly call: string | null;
  /** Server, method and target. */
  readonly what: string;
  readonly tone: Tone;
  readonly facts: readonly Fact[];
}

/** What happened in a session, in order. */
export interface Story {
  readonly session: string;
  /** Who called in it, each once. */
  readonly principals: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly steps: readonly Step[];
}

/** Key of the stored object of a body to what it told; those that were fetched. */
export type ToldBodies = ReadonlyMap<string, ToldBody>;

/** In the order in which it happened; records of one instant as they were written. */
export const inOrder = (one: LedgerRecord, other: LedgerRecord): number =>
  one.occurredAt === other.occurredAt ? (one.id < other.id ? -1 : 1) : one.occurredAt < other.occurredAt ? -1 : 1;

/**
 * The story of records that belong to one session, each given once.
 *
 * @param bodies bodies that are kept apart from their records
 */
export function storyOf(session: string, records: readonly LedgerRecord[], bodies: ToldBodies): Story {
  const ordered = [...records].sort(inOrder);
  const principals = ordered.flatMap(({ type, principal }) =>
    principal === undefined || !type.startsWith("call.") ? [] : [whoIs(principal)],
  );
  return {
    session,
    principals: [...new Set(principals)],
    from: ordered[0]?.occurredAt ?? "",
    until: ordered.at(-1)?.occurredAt ?? "",
    steps: ordered.map((record, at) => stepOf(record, ordered[at - 1], bodies)),
  };
}

/** Tells one record. */
export function stepOf(record: LedgerRecord, before: LedgerRecord | undefined, bodies: ToldBodies): Step {
  return {
    id: record.id,
    type: record.type,
    at: record.occurredAt,
    gap: before === undefined ? 0 : Math.max(0, Date.parse(record.occurredAt) - Date.parse(before.occurredAt)),
    call: record.call ?? null,
    what: [record.server, record.method, record.target].filter(Boolean).join(" "),
    tone: toneOf(record),
    facts: [
      ...whoFacts(record),
      ...decisionFacts(record),
      ...approvalFacts(record),
      ...bodyFacts("request", record.request, bodies),
      ...bodyFacts("response", record.response, bodies),
      ...outcomeFacts(record),
    ],
  };
}

const whoIs = ({ name, kind, id, client }: NonNullable<LedgerRecord["principal"]>): string =>
  `${name} (${kind} ${id}) by client ${client || "unknown"}`;

function whoFacts({ principal, source, headers }: LedgerRecord): Fact[] {
  return [
    ...(principal === undefined ? [] : [{ label: "who", text: whoIs(principal) }]),
    ...(principal?.initiator == null ? [] : [{ label: "started by", text: principal.initiator }]),
    ...(principal === undefined || principal.delegation.length === 0
      ? []
      : [{ label: "acting for", text: principal.delegation.join(" < ") }]),
    ...(source === undefined ? [] : [{ label: "from", text: `${source.ip}, ${source.userAgent || "no user agent"}` }]),
    ...Object.entries(headers ?? {}).map(([name, value]) => ({ label: "header", text: `${name}: ${value}` })),
  ];
}

function decisionFacts({ decision, risks = [], grant, breakGlass }: LedgerRecord): Fact[] {
  const risky = risks.length === 0 ? "" : `; risks: ${risks.join(", ")}`;
  const why = decision?.reason ? ` (${decision.reason})` : "";
  return [
    ...(decision === undefined
      ? []
      : [
          {
            label: "decision",
            text: `${decision.kind} by ${decision.policies.join(", ") || "no policy"}${why}${risky}`,
          },
        ]),
    ...(grant === undefined
      ? []
      : [{ label: "grant", text: `${grant.id} from approval ${grant.approval}, until ${grant.expiresAt}` }]),
    ...(grant?.reach === undefined ? [] : [{ label: "reaches", text: grant.reach }]),
    ...(breakGlass === undefined ? [] : [{ label: "broke glass", text: breakGlass }]),
  ];
}

function approvalFacts({ approval }: LedgerRecord): Fact[] {
  if (approval === undefined) return [];
  const { id, attempt, group, by, verdict, reason, waitedMs, scope } = approval;
  const waited = waitedMs === null ? "" : `, ${(waitedMs / 1000).toFixed(1)} s after it was asked`;
  const word =
    verdict === null
      ? by === null
        ? ""
        : `: ${by}${reason === null ? "" : ` (${reason})`}`
      : `: ${verdict} by ${by} (${reason})`;
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  return [
    { label: "approval", text: `${id}${again} of group ${group}${word}${waited}` },
    ...(scope ? [{ label: "scope", text: scope }] : []),
  ];
}

function bodyFacts(label: string, body: RecordBody | undefined, bodies: ToldBodies): Fact[] {
  if (body === undefined) return [];
  const told: ToldBody =
    body.key === null
      ? { text: body.text ?? "" }
      : (bodies.get(body.key) ?? { missing: `kept apart as ${body.key}, which was not read` });
  const kinds = [...new Set(body.findings.map(({ kind }) => kind))];
  return [
    "text" in told
      ? { label, text: told.text, body: true }
      : { label, text: `[${told.missing}; ${body.originalBytes} bytes, SHA-256 ${body.originalHash}]` },
    ...(body.findingCount === 0 ? [] : [{ label: "masked", text: `${body.findingCount}: ${kinds.join(", ")}` }]),
  ];
}

function outcomeFacts({ type, outcome, reason, durationMs, revealed, quarantined }: LedgerRecord): Fact[] {
  const why = reason ? `: ${reason}` : "";
  const after = durationMs === undefined ? "" : ` after ${durationMs} ms`;
  return [
    { label: "outcome", text: `${outcome}${why}${after}` },
    ...(revealed === undefined ? [] : [{ label: "opened", text: `the original of record ${revealed}` }]),
    ...(quarantined === undefined
      ? []
      : type === "transcript.quarantined"
        ? [{ label: "masked anew", text: `record ${quarantined.record}` }]
        : [{ label: "quarantined", text: `a newly masked copy, by order of record ${quarantined.record}` }]),
  ];
}

const BAD: ReadonlySet<string> = new Set([
  "denied",
  "refused",
  "blocked",
  "error",
  "withheld",
  "unresolved",
  "objected",
  "changed",
]);
const WAITING: ReadonlySet<string> = new Set(["requested", "waiting", "pending", "escalated", "expired", "withdrawn"]);
const GOOD: ReadonlySet<string> = new Set(["ok", "approved", "acknowledged", "collected"]);

const toneOf = ({ outcome }: LedgerRecord): Tone =>
  BAD.has(outcome) ? "bad" : WAITING.has(outcome) ? "waiting" : GOOD.has(outcome) ? "good" : "plain";
