import type { IndexPart } from "../aws/approvals-table.ts";
import type { Approval, ApprovalStatus } from "../domain/approval/approval.ts";
import { maySee, whyNotDecide } from "../domain/approval/decision.ts";
import { CountersignError } from "../domain/error.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { APPROVALS_INDEX } from "../index-names.ts";
import { fromCursor, type Progress, toCursor } from "./cursor.ts";
import { type Desk, judgement } from "./desk.ts";

/** Lines of one page, and rows that its first query of each part reads. */
const PAGE = 50;
/** Rows that each further query of what waits reads, as far as they fit into 1 MB: where much is for others, more of it is. */
const FURTHER = 100;
/** Queries of each part for one page. Somebody waits for those who have to decide, and past a thousand that are for others. */
const ROUNDS: Readonly<Record<(typeof VIEWS)[number], number>> = { waiting: 12, decided: 2, mine: 2, all: 2 };

const STATUSES: readonly ApprovalStatus[] = [
  "PENDING",
  "APPROVED",
  "DENIED",
  "EXPIRED",
  "WITHDRAWN",
  "EXECUTING",
  "COMPLETED",
  "UNKNOWN",
];
const byStatus = (value: ApprovalStatus): IndexPart => ({ index: APPROVALS_INDEX.byStatus, value });

/** A list: where its rows are looked for, and which of them it shows. */
interface Listing {
  readonly parts: readonly IndexPart[];
  readonly shows: (row: Approval) => boolean;
}

const VIEWS = ["waiting", "decided", "mine", "all"] as const;

function listingOf(view: (typeof VIEWS)[number], person: Principal, desk: Desk): Listing {
  const judged = judgement(desk);
  const everything = STATUSES.map(byStatus);
  switch (view) {
    case "waiting":
      return { parts: [byStatus("PENDING")], shows: (row) => whyNotDecide(person, row, judged) === null };
    case "decided":
      return { parts: everything, shows: (row) => row.decisions.some((decision) => decision.person === person.person) };
    case "mine":
      return { parts: [{ index: APPROVALS_INDEX.byRequester, value: person.id }], shows: () => true };
    case "all":
      return { parts: everything, shows: (row) => maySee(person, row, desk.engine) };
  }
}

/**
 * One page of a list, newest first. It can hold less than a page, even nothing, and go on: only so many rows are looked
 * through at a time.
 *
 * @throws CountersignError `bad_request` for a view or cursor that is none
 */
export async function page(
  person: Principal,
  { view, cursor }: { readonly view: string; readonly cursor: string | undefined },
  desk: Desk,
): Promise<{ readonly rows: readonly Approval[]; readonly cursor: string | null }> {
  const known = VIEWS.find((name) => name === view);
  if (known === undefined) throw new CountersignError("bad_request", `"view" must be one of ${VIEWS.join(", ")}`);
  const { parts, shows } = listingOf(known, person, desk);
  const progress = fromCursor(cursor, view, parts.length);
  const rows: Approval[] = [];
  for (let round = 0; round < ROUNDS[known] && rows.length < PAGE && progress.some((at) => at !== "end"); round += 1)
    await advance(
      parts,
      progress,
      { shown: rows, shows, limit: round === 0 || known !== "waiting" ? PAGE : FURTHER },
      desk,
    );
  return { rows, cursor: progress.every((at) => at === "end") ? null : toCursor(view, progress) };
}

/** Reads on in every part, and takes rows in order as long as no part can hold a newer one. */
async function advance(
  parts: readonly IndexPart[],
  progress: Progress[],
  { shown, shows, limit }: { shown: Approval[]; shows: Listing["shows"]; limit: number },
  { approvals }: Desk,
): Promise<void> {
  const reads = await Promise.all(
    parts.map(async (part, at) => {
      const after = progress[at];
      return after === "end" ? { rows: [], more: false } : approvals.page(part, { limit, after: after ?? undefined });
    }),
  );
  const horizon = Math.max(...reads.map(({ rows, more }) => (more ? (rows.at(-1)?.createdAt ?? Infinity) : -Infinity)));
  const merged = reads
    .flatMap(({ rows }, at) => rows.map((row) => ({ row, at })))
    .filter(({ row }) => row.createdAt >= horizon)
    .sort((a, b) => b.row.createdAt - a.row.createdAt);
  let taken = 0;
  for (const { row, at } of merged) {
    if (shown.length === PAGE) break;
    taken += 1;
    progress[at] = { id: row.id, createdAt: row.createdAt };
    if (shows(row)) shown.push(row);
  }
  if (taken < merged.length) return;
  reads.forEach(({ rows, more }, at) => {
    if (!more && rows.every((row) => row.createdAt >= horizon)) progress[at] = "end";
  });
}
