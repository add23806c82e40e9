import type { Status } from "./approval.ts";

/** What each status means, in the approver's words. */
export const STATUS_WORDS: Readonly<Record<Status, { readonly label: string; readonly meaning: string }>> = {
  PENDING: { label: "Waiting", meaning: "The call waits for a decision." },
  APPROVED: { label: "Approved", meaning: "The call may run once, when its client is there to receive the result." },
  DENIED: { label: "Denied", meaning: "The call was refused and did not run." },
  EXPIRED: { label: "Expired", meaning: "Its time ran out. The call did not run; the requester can ask again." },
  WITHDRAWN: { label: "Withdrawn", meaning: "The requester took it back. The call did not run." },
  EXECUTING: { label: "Running", meaning: "The call was approved and is running." },
  COMPLETED: { label: "Completed", meaning: "The call was approved and ran." },
  UNKNOWN: {
    label: "Outcome unknown",
    meaning: "The call was approved and may have run; its outcome was lost. It will not be run again.",
  },
};

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

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** A moment in the reader's own zone and language. @param at milliseconds since the epoch */
export const moment = (at: number) => clock.format(at);
