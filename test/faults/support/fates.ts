import type { Asked, Fault } from "./faulty-proxy.ts";

/** What befalls the requests of one environment. */
export type Fate = (asked: Asked) => Fault | undefined;

/** Nothing. */
export const spared: Fate = () => undefined;

/** Strikes one request, and it alone. */
export const struckAt =
  (at: number, fault: Fault): Fate =>
  ({ number }) =>
    number === at ? fault : undefined;

export interface Weather {
  readonly random: () => number;
  /** Share of the requests at which a run of faults begins. */
  readonly share: number;
  /** Most requests of one kind that a run befalls: more than the clients repeat, so that some are left in doubt. */
  readonly longest: number;
  /** Requests after which an environment dies, on the average; it may live for ever. */
  readonly lifetime: number;
  /** Share of the faults that keep who asks waiting until it gives up. */
  readonly patienceTried: number;
}

const QUICK = ["lost", "unanswered", "throttled", "failed", "slow"] as const;
const WAITED_FOR = ["silent", "late"] as const;

/** Faults that come as they do: in runs, on one kind of request, now and then a death. S3 is given up only after 10 s, and is spared silence. */
export function weather({ random, share, longest, lifetime, patienceTried }: Weather): () => Fate {
  const of = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return () => {
    const dies = Math.ceil(-Math.log(1 - random()) * lifetime);
    const death = of(["dies-before", "dies-after"] as const);
    const runs = new Map<string, { left: number; readonly fault: Fault }>();
    return ({ operation, number }) => {
      if (number >= dies) return death;
      const kind = operation.split(" ")[0] ?? "";
      const run = runs.get(kind);
      if (run !== undefined && run.left > 0) {
        run.left -= 1;
        return run.fault;
      }
      if (random() >= share) return undefined;
      const waits = !operation.includes(" ") && random() < patienceTried;
      const fault = of<Fault>(waits ? WAITED_FOR : QUICK);
      runs.set(kind, { left: Math.floor(random() * (waits ? 3 : longest)), fault });
      return fault;
    };
  };
}
