import type { ApprovalKind, Status } from "../api/approval.ts";

/** What a status is called, how it is drawn, and what it means for what was asked. */
export interface StatusWords {
  readonly label: string;
  readonly type: "pending" | "success" | "error" | "stopped" | "in-progress" | "warning";
  readonly meaning: string;
}

const CALL: Readonly<Record<Status, StatusWords>> = {
  PENDING: { label: "Waiting", type: "pending", meaning: "The call waits for a decision." },
  APPROVED: {
    label: "Approved",
    type: "success",
    meaning: "The call may run once, when its client is there to receive the result.",
  },
  DENIED: { label: "Denied", type: "error", meaning: "The call was refused and did not run." },
  EXPIRED: {
    label: "Expired",
    type: "stopped",
    meaning: "Its time ran out. The call did not run; the requester can ask again.",
  },
  WITHDRAWN: { label: "Withdrawn", type: "stopped", meaning: "It was taken back. The call did not run." },
  EXECUTING: { label: "Running", type: "in-progress", meaning: "The call was approved and is running." },
  COMPLETED: { label: "Completed", type: "success", meaning: "The call was approved and ran." },
  UNKNOWN: {
    label: "Outcome unknown",
    type: "warning",
    meaning: "The call was approved and may have run; its outcome was lost. It will not be run again.",
  },
};

const ACCESS: Partial<Readonly<Record<Status, string>>> = {
  PENDING: "The access waits for a decision.",
  APPROVED: "The access is granted until it ends by itself or somebody ends it.",
  DENIED: "The access was refused.",
  EXPIRED: "Nobody decided in time. The requester can ask again.",
  WITHDRAWN: "It was taken back before it could be used.",
};
const REVIEW: Partial<Readonly<Record<Status, string>>> = {
  PENDING: "The call ran in an emergency, without waiting. Somebody must look at it now.",
  APPROVED: "Somebody looked at it and had no objection.",
  DENIED: "Somebody looked at it and objected.",
  EXPIRED: "The call ran, and nobody looked at it in time.",
};
const REVEAL: Partial<Readonly<Record<Status, string>>> = {
  PENDING: "The originals stay sealed until somebody decides.",
  APPROVED: "The requester may see the originals once.",
  DENIED: "The originals stayed sealed.",
  EXPIRED: "Its time ran out. Nothing was opened; the requester can ask again.",
  WITHDRAWN: "It was taken back. Nothing was opened.",
  EXECUTING: "The requester is being shown the originals.",
  COMPLETED: "The requester has seen the originals.",
  UNKNOWN: "The requester may have seen the originals, or part of them. It is good for nothing more.",
};
const MEANINGS: Partial<Readonly<Record<ApprovalKind, typeof REVIEW>>> = {
  access: ACCESS,
  review: REVIEW,
  reveal: REVEAL,
};
const REVIEW_LABELS: Partial<Readonly<Record<Status, string>>> = { APPROVED: "Acknowledged", DENIED: "Objected to" };

const REVEAL_LABELS: Partial<Readonly<Record<Status, string>>> = { EXECUTING: "Being shown", COMPLETED: "Shown" };

export function statusWords(status: Status, kind: ApprovalKind): StatusWords {
  const meaning = MEANINGS[kind]?.[status];
  const label = kind === "review" ? REVIEW_LABELS[status] : kind === "reveal" ? REVEAL_LABELS[status] : undefined;
  return { ...CALL[status], ...(meaning && { meaning }), ...(label && { label }) };
}

/** Statuses after which nothing changes any more. */
export const FINAL: ReadonlySet<Status> = new Set<Status>(["DENIED", "EXPIRED", "WITHDRAWN", "COMPLETED", "UNKNOWN"]);

/** A length of time as people say it: `1 h 05 min`, `4 min 09 s`, `12 s`. */
export function lengthOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${seconds} s`;
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A moment in the reader's own zone and language. @param at milliseconds since the epoch */
export const momentOf = (at: number) => clock.format(at);

/** Begins a sentence of the API with a capital and ends it with a full stop. */
export function sentence(text: string): string {
  const begun = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
