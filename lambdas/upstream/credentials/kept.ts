/** Something that ends. */
export interface Expiring {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Keys that a cache holds; those asked for longest ago make room. */
const MOST = 1000;
/** Share of its life after which a value is renewed, while it is still used. */
const RENEW_AFTER = 0.75;
/** Milliseconds before its end at which a value is no longer used: it has to travel, and clocks differ. */
const GRACE = 10_000;
/** Milliseconds between two attempts at a renewal, and between two values of a server that refuses each. */
const REST = 10_000;

/** Values that end, by key, each renewed before its end by one request at a time. */
export interface Kept<T extends Expiring> {
  get(key: string, make: () => Promise<T>): Promise<T>;
  /** Another value than one that was refused; undefined when that one was made a moment ago. */
  insteadOf(refused: T, key: string, make: () => Promise<T>): Promise<T | undefined>;
}

interface Entry<T> {
  held?: { readonly value: T; readonly madeAt: number };
  making?: Promise<T> | undefined;
  restUntil: number;
}

export function kept<T extends Expiring>(now: () => number = Date.now): Kept<T> {
  const entries = new Map<string, Entry<T>>();

  const entryOf = (key: string): Entry<T> => {
    const entry = entries.get(key) ?? { restUntil: 0 };
    // A map keeps the order of insertion: what is asked for goes to the end.
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST) break;
      entries.delete(oldest);
    }
    return entry;
  };
  const renew = (entry: Entry<T>, make: () => Promise<T>): Promise<T> => {
    entry.making ??= make()
      .then((value) => {
        entry.held = { value, madeAt: now() };
        return value;
      })
      .finally(() => {
        entry.making = undefined;
        entry.restUntil = now() + REST;
      });
    return entry.making;
  };
  const get = async (key: string, make: () => Promise<T>): Promise<T> => {
    const entry = entryOf(key);
    const { held } = entry;
    if (held === undefined || now() >= held.value.expiresAt - GRACE) return renew(entry, make);
    const due = held.madeAt + (held.value.expiresAt - held.madeAt) * RENEW_AFTER;
    // Nobody waits for it; where it fails, the value that is held serves until its end.
    if (now() >= due && now() >= entry.restUntil) renew(entry, make).catch(() => undefined);
    return held.value;
  };
  return {
    get,
    async insteadOf(refused, key, make) {
      const entry = entryOf(key);
      if (entry.held?.value === refused) {
        if (now() - entry.held.madeAt < REST) return undefined;
        delete entry.held;
      }
      return get(key, make);
    },
  };
}
