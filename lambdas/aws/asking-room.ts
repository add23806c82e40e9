import type { AccessTable } from "./access-table.ts";
import type { ApprovalsTable } from "./approvals-table.ts";

/** Milliseconds after which the index shows a row that was written, as a rule within one second. */
const INDEX_LAG = 10_000;

/**
 * Lets a principal ask once more, where fewer than `most` of its calls wait for somebody. The index that counts them is a moment
 * behind, and many may ask at once: whoever asks is entered in the principal's row for that moment, by conditional writes.
 *
 * @param asking.call under which the approval's row will be found
 * @returns undefined where there is room; otherwise how many wait
 */
export async function enterAskingRoom(
  { access, approvals }: { readonly access: AccessTable; readonly approvals: ApprovalsTable },
  asking: {
    readonly principal: string;
    readonly kind: "call" | "review";
    readonly call: string;
    readonly most: number;
  },
  now: number,
): Promise<number | undefined> {
  const { principal, call, most } = asking;
  const kind = asking.kind === "call" ? "asked" : "review";
  const row = await access.look(principal);
  const pending = await (kind === "asked" ? approvals.pendingOf(principal) : approvals.unreviewedOf(principal));
  const waiting = pending.filter(({ deadline }) => deadline > now);
  // What is entered still is counted there.
  const settled = waiting.filter((each) => !((row.open.get(`${kind}:${each.call}`) ?? 0) > now)).length;
  if (settled >= most) return waiting.length;
  const place = { kind, name: call, until: now + INDEX_LAG, most: most - settled, displaces: false } as const;
  return (await access.enter(principal, place, row, now)) ? undefined : Math.max(most, waiting.length);
}
