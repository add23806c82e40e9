/** How many calls may be made; null: as many as one likes. */
export interface UsageLimits {
  readonly perMinute: number | null;
  /** A day of UTC. */
  readonly perDay: number | null;
}

/** A stretch of time in which calls are counted, and how many it has room for. */
export interface UsageWindow {
  /** What its count goes by; holds its time, so that the next window begins at nothing without anybody setting it back. */
  readonly name: string;
  /** What the window before this one went by: over, and to be forgotten. */
  readonly before: string;
  readonly limit: number;
  readonly per: "minute" | "day";
  /** The server it is about; null: all of them together. */
  readonly server: string | null;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

export const USED = "used:";
const MINUTE = 60_000;
const DAY = 86_400_000;
const LENGTH = { minute: MINUTE, day: DAY } as const;

/**
 * The windows that a call is counted in.
 *
 * @param all limits over all servers together
 * @param own limits of the called server alone; undefined where it has none
 * @param now milliseconds since the epoch
 */
export function windowsOf(all: UsageLimits, own: UsageLimits | undefined, server: string, now: number): UsageWindow[] {
  const windows: UsageWindow[] = [];
  const add = (per: "minute" | "day", limit: number | null | undefined, of: string | null) => {
    if (limit === null || limit === undefined) return;
    const at = Math.floor(now / LENGTH[per]);
    const nameAt = (number: number) => `${USED}${per}:${number}:${of ?? ""}`;
    windows.push({
      name: nameAt(at),
      before: nameAt(at - 1),
      limit,
      per,
      server: of,
      endsAt: (at + 1) * LENGTH[per],
    });
  };
  add("minute", all.perMinute, null);
  add("day", all.perDay, null);
  add("minute", own?.perMinute, server);
  add("day", own?.perDay, server);
  return windows;
}

/**
 * The window without room for what was just counted in it; of several the one that ends last, because only then is there
 * room again. Undefined where every window has room.
 *
 * @param used counts by the windows' names, the call among them
 */
export function overused(windows: readonly UsageWindow[], used: ReadonlyMap<string, number>): UsageWindow | undefined {
  let last: UsageWindow | undefined;
  for (const window of windows)
    if ((used.get(window.name) ?? 0) > window.limit && (last === undefined || window.endsAt > last.endsAt))
      last = window;
  return last;
}

/** Whether the window of that name is over. */
export function isOver(name: string, now: number): boolean {
  const [per, number] = name.slice(USED.length).split(":");
  return (Number(number) + 1) * LENGTH[per as keyof typeof LENGTH] <= now;
}
