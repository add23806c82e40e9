import type { AccessTable } from "./access-table.ts";
import type { ApprovalsTable } from "./approvals-table.ts";

/** Milliseconds after which the index shows a row that was written, as a rule within one second. */
const INDEX_LAG = 10_000;

/** Who asks for what. */
interface Asking {
  readonly principal: string;
  readonly kind: "call" | "review";
  /** Under which the approval's row will be found. */
  readonly call: string;
  /** How many may wait. */
  readonly most: number;
}

const placeKind = (kind: Asking["kind"]) => (kind === "call" ? "asked" : "review");

/**
 * Lets a principal ask once more, where fewer than `most` of its calls wait for somebody. The index that counts them is a moment
 * behind, and many may ask at once: whoever asks is entered in the principal's row for that moment, by conditional writes.
 *
 * @returns undefined where there is room; otherwise how many wait
 */
export async function enterAskingRoom(
  { access, approvals }: { readonly access: AccessTable; readonly approvals: ApprovalsTable },
  asking: Asking,
  now: number,
): Promise<number | undefined> {
  const { principal, call, most } = asking;
  const kind = placeKind(asking.kind);
  const pending = await (kind === "asked" ? approvals.pendingOf(principal) : approvals.unreviewedOf(principal));
  // After the index: what is entered meanwhile is counted once.
  const row = await access.look(principal);
  const waiting = pending.filter(({ deadline }) => deadline > now);
  const settled = waiting.filter((each) => !((row.open.get(`${kind}:${each.call}`) ?? 0) > now)).length;
  if (settled >= most) return waiting.length;
  const place = { kind, name: call, until: now + INDEX_LAG, most: most - settled, displaces: false } as const;
  return (await access.enter(principal, place, row, now)) ? undefined : Math.max(most, waiting.length);
}

/** Leaves the place that a call has taken and needs no more; one that cannot be left is free by itself soon. */
export const leaveAskingRoom = (
  { access }: { readonly access: AccessTable },
  { principal, kind, call }: Asking,
): Promise<void> => access.leave(principal, placeKind(kind), call).catch(() => undefined);
