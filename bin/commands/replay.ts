import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { archivedLines, recordOf } from "../archive.ts";
import type { Place } from "../place.ts";

/**
 * The story of a session, in order.
 *
 * @param id a session, or a call or approval of it
 * @throws Error when the archive knows no such id
 */
export async function replay(place: Place, id: string, { json }: { json?: boolean }): Promise<string> {
  const lines = await archivedLines(place);
  const records = lines.map(recordOf);
  const session = records.find((record) => [record.session, record.call, record.approval?.id].includes(id))?.session;
  if (session === undefined)
    throw new Error(`the archive knows no session, call or approval ${id}; a new one takes some seconds to arrive`);
  const wanted = records.flatMap((record, at) => (record.session === session ? [at] : []));
  if (json) return wanted.map((at) => lines[at]).join("\n");
  const story = wanted
    .flatMap((at) => records[at] ?? [])
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.id < b.id ? -1 : 1));
  return [`Session ${session}: ${story.length} records`, ...story.map(tell)].join("\n");
}

/** One record as a line or a few. */
export function tell(record: LedgerRecord): string {
  const head = `${record.occurredAt}  ${record.type.padEnd(18)} ${[record.server, record.method, record.target].filter(Boolean).join(" ")}`;
  const details = [
    record.principal &&
      `who        ${record.principal.name} (${record.principal.kind} ${record.principal.id}) by client ${record.principal.client || "unknown"}`,
    record.decision &&
      `decision   ${record.decision.kind} by ${record.decision.policies.join(", ") || "no policy"}${record.risks?.length ? `; risks: ${record.risks.join(", ")}` : ""}`,
    record.approval && approvalLine(record.approval),
    record.request?.text && `request    ${short(record.request.text)}`,
    record.response?.text && `response   ${short(record.response.text)}`,
    masksLine(record),
    `outcome    ${record.outcome}${record.reason ? `: ${record.reason}` : ""}${record.durationMs === undefined ? "" : ` after ${record.durationMs} ms`}`,
  ];
  return [head, ...details.filter((line) => line).map((line) => `    ${line}`)].join("\n");
}

function approvalLine({ id, group, by, verdict, reason, waitedMs }: NonNullable<LedgerRecord["approval"]>): string {
  const waited = waitedMs === null ? "" : `, ${(waitedMs / 1000).toFixed(1)} s after it was asked`;
  const word = verdict === null ? "" : `: ${verdict} by ${by} (${reason})`;
  return `approval   ${id} of group ${group}${word}${waited}`;
}

function masksLine({ request, response }: LedgerRecord): string | undefined {
  const kinds = [...(request?.findings ?? []), ...(response?.findings ?? [])].map((finding) => finding.kind);
  return kinds.length === 0 ? undefined : `masked     ${kinds.length}: ${[...new Set(kinds)].join(", ")}`;
}

const short = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text);
