import { type Asked, type Fault, isOfS3 } from "./faulty-proxy.ts";

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
/** Silence is broken off by who asks, which S3's clients do after 10 s: they are spared it. */
const WAITED_FOR = { others: ["silent", "late"], ofS3: ["late"] } as const;

/** Faults that come as they do: in runs, on one kind of request, now and then a death. */
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
      const waits = random() < patienceTried;
      const fault = of<Fault>(waits ? WAITED_FOR[isOfS3(operation) ? "ofS3" : "others"] : QUICK);
      runs.set(kind, { left: Math.floor(random() * (waits ? 3 : longest)), fault });
      return fault;
    };
  };
}
