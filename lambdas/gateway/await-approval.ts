import type { Approval } from "../domain/approval/approval.ts";
import { statusAt } from "../domain/approval/state.ts";
import type { House } from "./house.ts";

/** Milliseconds between looks at the row: quick at first, when an approver at the keyboard may answer, then calm. */
const QUICK = { every: 1000, for: 5000 } as const;
const CALM = 2000;

/**
 * Looks at an approval until it is settled or the time is over; yields the row at each look, the last one last.
 *
 * @param until milliseconds since the epoch when to stop looking
 */
export async function* watch(id: string, until: number, { approvals, now, sleep }: House): AsyncGenerator<Approval> {
  const start = now();
  for (;;) {
    const row = await approvals.get(id);
    if (row === undefined) return;
    yield row;
    if (isSettled(row, now())) return;
    const pause = Math.min(now() - start < QUICK.for ? QUICK.every : CALM, until - now());
    if (pause <= 0) return;
    await sleep(pause);
  }
}

/** Whether there is nothing more to wait for: decided, ended, or ready to run. */
export function isSettled(row: Approval, now: number): boolean {
  const status = statusAt(row, now);
  return status !== "PENDING" && status !== "EXECUTING";
}
