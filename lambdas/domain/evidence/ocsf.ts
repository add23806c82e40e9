import { attestationOf } from "./ocsf/attestation.ts";
import { type Cutter, eventCutter } from "./ocsf/cutter.ts";
import { unmappedOf } from "./ocsf/unmapped.ts";
import { ACTIVITY, ocsfVerdict } from "./ocsf/verdict.ts";
import type { LedgerRecord, RecordPrincipal } from "./record.ts";

/** Release of the Open Cybersecurity Schema Framework that events are written in. */
export const OCSF_VERSION = "1.9.0";

/** API Activity, of the category Application Activity. */
const CLASS = 6003;
const CATEGORY = 6;
/** The other side of a message is a server that offers tools. */
const ROLE_TOOL = 3;
const ROLE_TARGET = 1;
const ROLE_AFFECTED = 3;

/** What the ledger keeps beside a record. */
export interface Proven {
  /** Hex leaf hash of the record's text. */
  readonly hash: string;
  /** The writer's signature over it. */
  readonly signature: string;
}

/** An OCSF event, as JSON. */
export type OcsfEvent = ReturnType<typeof ocsfEvent>;

/**
 * The OCSF event (API Activity) that tells a record to a SIEM: who, what, when, where, how decided, how it ended, and the
 * record's place in its writer's chain. Bodies stay in the vaults; the event names them by key and hash. Long texts are
 * cut, and `metadata.is_truncated` says so: an event has to fit EventBridge's entry.
 */
export function ocsfEvent(record: LedgerRecord, { hash, signature }: Proven) {
  const cut = eventCutter();
  const { id, name } = ACTIVITY[record.type];
  const event = {
    activity_id: id,
    activity_name: name,
    category_uid: CATEGORY,
    class_uid: CLASS,
    class_name: "API Activity",
    type_uid: CLASS * 100 + id,
    type_name: `API Activity: ${name}`,
    time: Date.parse(record.occurredAt),
    timezone_offset: 0,
    ...(record.durationMs === undefined ? {} : { duration: Math.round(record.durationMs) }),
    ...ocsfVerdict(record),
    status_code: cut.text(record.outcome),
    ...(record.reason === undefined ? {} : { status_detail: cut.text(record.reason) }),
    ...(record.risks?.length ? { risk_details: cut.text(record.risks.join(", ")) } : {}),
    actor: actorOf(record, cut),
    ...endpointsOf(record, cut),
    resources: resourcesOf(record, cut),
    ...conversationOf(record, cut),
    attestation_list: [attestationOf(record, hash)],
    unmapped: { countersign: unmappedOf(record, signature, cut) },
  };
  return { ...event, metadata: metadataOf(record, cut) };
}

/** Whether a record is about a message of MCP, and not about what was done beside it. */
const isMessage = ({ type }: LedgerRecord) => type.startsWith("call.") || type.startsWith("message.");

/** Who acted: of an approval whoever decided it, else the principal; without either the gateway itself. */
const actorIn = ({ approval, principal }: LedgerRecord) => approval?.who ?? principal;

function actorOf(record: LedgerRecord, cut: Cutter) {
  const who = actorIn(record);
  const decision = record.decision?.kind;
  const policies = cut.list(record.decision?.policies ?? []);
  return {
    ...(who === undefined ? { app_name: `countersign ${record.component}` } : { user: userOf(who, cut) }),
    ...(who?.client ? { app_uid: cut.text(who.client) } : {}),
    session: sessionOf(record.session, who, cut),
    ...(policies.length === 0
      ? {}
      : { authorizations: policies.map((uid) => ({ decision, policy: { uid: cut.text(uid) } })) }),
  };
}

function userOf({ id, name, kind, issuer, groups }: RecordPrincipal, cut: Cutter) {
  return {
    uid: cut.text(id),
    name: cut.text(name || id),
    ...(kind === "user" ? { type_id: 1, type: "User" } : { type_id: 4, type: "Service" }),
    domain: cut.text(issuer),
    groups: cut.list(groups).map((group) => ({ name: cut.text(group) })),
  };
}

const sessionOf = (session: string, who: RecordPrincipal | undefined, cut: Cutter) => ({
  uid: cut.text(session),
  ...(who === undefined ? {} : { issuer: cut.text(who.issuer) }),
  ...(who?.jti ? { credential_uid: cut.text(who.jti) } : {}),
  ...(who === undefined || who.amr.length === 0 ? {} : { is_mfa: who.amr.includes("mfa") }),
});

/** What was asked of whom, and from where. */
function endpointsOf(record: LedgerRecord, cut: Cutter) {
  const { type, method, call, id, outcome, server, source, component } = record;
  return {
    api: {
      operation: isMessage(record) && method !== undefined ? cut.text(method) : type,
      request: { uid: cut.text(call ?? id) },
      response: { message: cut.text(outcome) },
      ...(server === undefined ? {} : { service: { name: cut.text(server) } }),
    },
    src_endpoint: source?.ip ? { ip: cut.text(source.ip) } : { svc_name: `countersign ${component}` },
    ...(source?.userAgent ? { http_request: { user_agent: cut.text(source.userAgent) } } : {}),
    ...(server === undefined ? {} : { dst_endpoint: { svc_name: cut.text(server) } }),
  };
}

/** What it was done to: the target, and of a decision the principal whose call it was about. */
function resourcesOf({ target, method, approval, principal }: LedgerRecord, cut: Cutter) {
  const affected = approval?.who === undefined ? undefined : principal;
  return [
    ...(target ? [{ name: cut.text(target), type: kindOf(method), role_id: ROLE_TARGET }] : []),
    ...(affected === undefined
      ? []
      : [{ uid: cut.text(affected.id), name: cut.text(affected.name), type: "principal", role_id: ROLE_AFFECTED }]),
  ];
}

function kindOf(method = ""): string {
  if (method.startsWith("resources/")) return "mcp_resource";
  return method.startsWith("prompts/") ? "mcp_prompt" : "mcp_tool";
}

/** Profile `ai_operation`: which agent spoke to which server. */
function conversationOf(record: LedgerRecord, cut: Cutter) {
  const { principal, server, session, call, id } = record;
  if (!isMessage(record)) return {};
  const client = cut.text(principal?.client ?? "");
  return {
    ...(client === "" ? {} : { ai_agent: { uid: client, name: client, instance_uid: cut.text(session) } }),
    ...(server === undefined
      ? {}
      : {
          message_context: {
            ai_role_id: ROLE_TOOL,
            uid: cut.text(call ?? id),
            service: { name: cut.text(server) },
            ...(client === "" ? {} : { application: { name: client } }),
          },
        }),
  };
}

function metadataOf({ v, id, session, type, writer, recordedAt, component }: LedgerRecord, cut: Cutter) {
  return {
    version: OCSF_VERSION,
    uid: id,
    correlation_uid: cut.text(session),
    event_code: type,
    sequence: writer.seq,
    logged_time: Date.parse(recordedAt),
    log_name: "ledger",
    log_version: String(v),
    profiles: ["security_control", "ai_operation", "record_integrity"],
    product: { name: "Countersign", vendor_name: "Countersign", feature: { name: component } },
    is_truncated: cut.hasCut(),
  };
}
