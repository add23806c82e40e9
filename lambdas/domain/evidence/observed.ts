import { sha256Hex } from "../json/canonical.ts";
import type { Finding } from "../masking/index.ts";
import type { RecordBody, RecordEntry } from "./record.ts";
import { type TrailEvent, trailPrincipal, trailSource } from "./trail-event.ts";

/** What the observer tells apart. */
export type Observed = "opening" | "query" | "read" | "role";

const READS: ReadonlySet<string> = new Set([
  "s3.amazonaws.com GetObject",
  "dynamodb.amazonaws.com GetItem",
  "dynamodb.amazonaws.com BatchGetItem",
  "dynamodb.amazonaws.com TransactGetItems",
  "dynamodb.amazonaws.com Query",
  "dynamodb.amazonaws.com Scan",
  "dynamodb.amazonaws.com ExecuteStatement",
  "dynamodb.amazonaws.com BatchExecuteStatement",
  "dynamodb.amazonaws.com ExecuteTransaction",
  "dynamodb.amazonaws.com ExportTableToPointInTime",
]);

/** By which somebody comes to what the gateway's roles may, as their paths say, or uses it. */
const ROLE_USES: ReadonlySet<string> = new Set([
  "iam.amazonaws.com CreateRole",
  "iam.amazonaws.com UpdateAssumeRolePolicy",
  "kms.amazonaws.com Sign",
]);

/** What a request was; undefined for one that is nothing to tell of. */
export function observed({ eventSource, eventName }: TrailEvent): Observed | undefined {
  if (ROLE_USES.has(`${eventSource} ${eventName}`)) return "role";
  if (eventSource === "kms.amazonaws.com") return eventName === "Decrypt" ? "opening" : undefined;
  if (eventSource === "athena.amazonaws.com") return eventName === "StartQueryExecution" ? "query" : undefined;
  return READS.has(`${eventSource} ${eventName}`) ? "read" : undefined;
}

const askedBy = (event: TrailEvent) => ({
  occurredAt: new Date(event.eventTime).toISOString(),
  method: `${event.eventSource.split(".")[0]}:${event.eventName}`,
  principal: trailPrincipal(event),
  source: trailSource(event),
});

/** A use of the forensic key, or a try, that no record explains. */
export const unexplainedEntry = (event: TrailEvent): RecordEntry => ({
  ...askedBy(event),
  type: "seal.unexplained",
  session: `unexplained-${event.requestID ?? event.eventID}`,
  outcome: event.errorCode === undefined ? "opened" : "refused",
  reason: event.errorCode ?? "no record of the audit function explains this use of the forensic key",
});

/** A role that was made under the gateway's path or opened to others, or a signature by one that is none of the gateway's. */
export const roleEntry = (event: TrailEvent): RecordEntry => ({
  ...askedBy(event),
  type: "role.unexplained",
  session: `unexplained-${event.requestID ?? event.eventID}`,
  target: roleTarget(event),
  outcome: event.errorCode === undefined ? "done" : "refused",
  reason: event.errorCode ?? ROLE_REASONS[event.eventName] ?? "",
});

const ROLE_REASONS: Readonly<Record<string, string>> = {
  CreateRole: "a role was made under the path by which policies know the gateway's roles",
  UpdateAssumeRolePolicy: "who may take one of the gateway's roles was changed",
  Sign: "a role that is none of the gateway's signed with the key that vouches for evidence",
};

/** The role that was made or changed, with its path where it is told, or the key that signed. */
function roleTarget({ requestParameters }: TrailEvent): string {
  const { path = "", roleName, keyId } = requestParameters ?? {};
  return typeof roleName === "string" ? `${String(path)}${roleName}` : String(keyId ?? "");
}

/** The text of a query, masked; undefined where Athena no longer tells it. */
export interface MaskedQuery {
  readonly original: string;
  readonly masked: string;
  readonly findings: readonly Finding[];
}

/** Characters of a query that a record keeps. */
const LONGEST_QUERY = 8000;

export function queryEntry(event: TrailEvent, query: MaskedQuery | undefined): RecordEntry {
  const { requestParameters, responseElements, errorCode } = event;
  const workgroup = String(requestParameters?.workGroup ?? "primary");
  const execution = String(responseElements?.queryExecutionId ?? event.eventID);
  return {
    ...askedBy(event),
    type: "query.run",
    session: `query-${execution}`,
    target: workgroup,
    outcome: errorCode === undefined ? "started" : "refused",
    ...(errorCode === undefined ? {} : { reason: errorCode }),
    ...(query === undefined ? {} : { request: bodyOf(query) }),
  };
}

/** The original stays with Athena: nothing is sealed here. */
const bodyOf = ({ original, masked, findings }: MaskedQuery): RecordBody => ({
  text: masked.length > LONGEST_QUERY ? `${masked.slice(0, LONGEST_QUERY).toWellFormed()}…` : masked,
  key: null,
  originalHash: sha256Hex(original),
  originalBytes: Buffer.byteLength(original),
  findings: findings.slice(0, 20),
  findingCount: findings.length,
  sealedHash: null,
});

/** Reads of one reader that came together: one record tells of them all. */
export interface Reads {
  readonly events: readonly [TrailEvent, ...TrailEvent[]];
}

/** Reads by who made them and whether they were let in, the earliest first. */
export function groupReads(events: readonly TrailEvent[]): Reads[] {
  const groups = new Map<string, [TrailEvent, ...TrailEvent[]]>();
  const once = new Map(events.map((event) => [event.eventID, event]));
  for (const event of [...once.values()].sort(byTime)) {
    const { id, client } = trailPrincipal(event);
    const key = JSON.stringify([id, client, event.errorCode ?? null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()].map((group) => ({ events: group }));
}

const byTime = (one: TrailEvent, other: TrailEvent) =>
  `${one.eventTime} ${one.eventID}` < `${other.eventTime} ${other.eventID}` ? -1 : 1;

/** Places that a record still names. */
const MOST_PLACES = 20;

/** @param nameOf what a bucket or a table is called in the house plan */
export function readEntry({ events }: Reads, nameOf: (resource: string) => string): RecordEntry {
  const [first] = events;
  const counts = new Map<string, number>();
  for (const event of events) {
    const folder = placeOf(event, nameOf).replace(/\/[^/]*$/, "/");
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const places = [...counts].slice(0, MOST_PLACES).map(([place, count]) => `${place} (${count})`);
  const more = counts.size > MOST_PLACES ? ` and ${counts.size - MOST_PLACES} more places` : "";
  const single = events.length === 1;
  const told = single ? "" : `${events.length} reads: ${places.join(", ")}${more}`;
  const refused = first.errorCode === undefined ? "" : `${first.errorCode}${single ? "" : "; "}`;
  return {
    ...askedBy(first),
    type: "transcript.read",
    session: `reads-${first.eventTime.slice(0, 13)}`,
    target: placeOf(first, nameOf),
    outcome: first.errorCode === undefined ? "read" : "refused",
    ...(refused + told === "" ? {} : { reason: refused + told }),
  };
}

/** `masked transcripts/dt=…/hh=…/<object>`, or `ledger`. */
function placeOf({ requestParameters }: TrailEvent, nameOf: (resource: string) => string): string {
  const { bucketName, key, tableName, tableArn, statement } = requestParameters ?? {};
  if (typeof bucketName === "string") return `${nameOf(bucketName)} ${String(key ?? "")}`;
  return nameOf(String(tableName ?? tableNameOf(tableArn) ?? statement ?? "ledger"));
}

const tableNameOf = (arn: unknown) => (typeof arn === "string" ? arn.split("/").at(-1) : undefined);
