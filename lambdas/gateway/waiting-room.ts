import type { PrincipalRow } from "../aws/access-table.ts";
import { METRIC } from "../metric-names.ts";
import type { Call } from "./call.ts";
import { waitName } from "./cancelled-waits.ts";
import { MOST_HELD } from "./concurrency.ts";
import type { House } from "./house.ts";

/**
 * Lets a call wait, where there is room for it: among the waits of its principal, so that nobody takes every place, and
 * among those of the function, so that many together leave room for calls that need no approval.
 *
 * @param until milliseconds since the epoch when the wait ends; its place is kept until its call has run, too
 * @returns how it leaves its place again; undefined where there is no room, or where the tables do not answer
 */
export async function enterWaitingRoom(
  call: Call,
  until: number,
  seen: PrincipalRow,
  house: House,
): Promise<(() => Promise<void>) | undefined> {
  const { callTimeout, maxHeld: most, maxHeldInAll = MOST_HELD } = house.settings.config.limits;
  if (most === 0) return undefined;
  const { id: principal } = call.caller.principal;
  const free = until + callTimeout * 1000;
  const now = house.now();
  const name = waitName(call);
  const place = { kind: "wait", name, until: free, most, displaces: false } as const;
  const entered = await Promise.allSettled([
    house.access.enter(principal, place, seen, now),
    house.places.enter(call.id, free, maxHeldInAll, now),
  ]);
  const [own, common] = entered.map((each) => each.status === "fulfilled" && each.value);
  const leave = async () => {
    // A place that cannot be left is free by itself when its time is over.
    await Promise.allSettled([
      ...(own ? [house.access.leave(principal, "wait", name)] : []),
      ...(common ? [house.places.leave(call.id)] : []),
    ]);
  };
  if (own && common) return leave;
  if (entered[1].status === "fulfilled" && !common) house.count(METRIC.notHeld);
  await leave();
  return undefined;
}
