import { setTimeout as sleep } from "node:timers/promises";
import { OVERLOADED } from "./answers.ts";
import type { Crowd } from "./crowd.ts";
import { KINDS, type Kind } from "./kinds.ts";
import { administrator, approver, ask, isOverload, programs, type Turn } from "./turns.ts";

export interface TrafficPlan {
  /** Each call's name begins with it. */
  readonly prefix: string;
  readonly seconds: number;
  /** Seconds before the end from which on nobody asks for approvals, so that those that nobody answers expire in time. */
  readonly lastAsk: number;
}

/** Callers at once, each calling again as soon as it has its answer: as many as the emulator can take; more make no more calls. */
const CALLERS = 32;
/** Callers that ask for approvals, beside the others: most of their time they wait. */
const ASKERS = 4;
/** Faults in a row after which a caller rests for a while: a gateway that is gone is asked a thousand times a second otherwise. */
const REST = 200;

/** All that clients, approvers and administrators do at once, for a while. */
export async function runTraffic(crowd: Crowd, { prefix, seconds, lastAsk }: TrafficPlan): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let next = 0;
  /** Does one thing after the other until the time is over; what goes wrong is noted, and the next follows. */
  const again = async (what: string, until: number, once: (name: string) => Promise<void>) => {
    while (performance.now() < until) {
      const name = `${prefix}-${next++}`;
      try {
        await once(name);
      } catch (cause) {
        crowd.tally.fault(`${what} (${name}): ${cause instanceof Error ? cause.message : String(cause)}`);
        await sleep(REST);
      }
    }
  };
  const turn = (what: string, take: Turn, until = end) =>
    again(what, until, async (name) => {
      const begun = performance.now();
      const [kind, came] = await take(crowd, name).catch((cause: unknown) => {
        if (!isOverload(cause) || !crowd.emulator.wasSlowSince(begun)) throw cause;
        crowd.tally.overloaded += 1;
        return [what, "overloaded"] as const;
      });
      crowd.tally.count(kind, came);
    });
  // Each kind comes once, and then as often as its share says.
  const due = [...KINDS];
  const caller = () => again("a caller", end, (name) => callOnce(crowd, due.shift() ?? drawn(crowd.random()), name));
  await Promise.all([
    ...Array.from({ length: CALLERS }, caller),
    ...Array.from({ length: ASKERS }, () => turn("who asks", ask, end - lastAsk * 1000)),
    turn("the approver", approver()),
    turn("the administrator", administrator),
    turn("a published client", programs),
  ]);
}

async function callOnce(crowd: Crowd, kind: Kind, name: string): Promise<void> {
  const begun = performance.now();
  const sort = await kind.make(crowd, name).catch((cause: Error) => {
    throw new Error(`${kind.name}: ${cause.message}`);
  });
  crowd.tally.count(kind.name, sort);
  if (kind.heard.includes(sort)) return;
  if (OVERLOADED.includes(sort) && crowd.emulator.wasSlowSince(begun)) crowd.tally.overloaded += 1;
  else crowd.tally.fault(`${kind.name} (${name}): ${sort}`);
}

const ALL = KINDS.reduce((sum, { share }) => sum + share, 0);

/** @param at from 0 to 1 */
function drawn(at: number): Kind {
  let left = at * ALL;
  const kind = KINDS.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  return kind as Kind;
}
