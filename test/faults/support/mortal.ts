import { type Asked, type Done, type Fault, type FaultyProxy, startFaultyProxy } from "./faulty-proxy.ts";

/** What comes of a task whose function died: nothing. */
export const DIED: unique symbol = Symbol("died");

/** A function that can die: its environment is gone then, and with it every answer that was under way. The next task gets a new one. */
export interface Mortal<F> {
  /** @throws Error when the task is over neither by an answer nor by death within the patience: it hangs */
  use<T>(task: (living: F) => Promise<T>): Promise<T | typeof DIED>;
  /** Operations at which it died, in order. */
  readonly deaths: readonly string[];
  /** Ends the present environment without a fault, so that the next task gets a cold one. */
  renew(): void;
  /** Waits until nothing of any of its environments is under way. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export interface Mortality<F> {
  readonly emulator: string;
  /** Makes the function with AWS behind that URL. */
  readonly make: (url: string) => F;
  /** Makes what decides about the requests of one environment. */
  readonly fate: () => (asked: Asked) => Fault | undefined;
  readonly heard?: (done: Done) => void;
  /** Milliseconds. @default 90 s */
  readonly patience?: number;
}

export function mortal<F>({ emulator, make, fate, heard, patience = 90_000 }: Mortality<F>): Mortal<F> {
  const deaths: string[] = [];
  const proxies: FaultyProxy[] = [];
  const tasks = new Set<Promise<unknown>>();
  let present: Promise<{ readonly proxy: FaultyProxy; readonly living: F }> | undefined;

  const begin = async () => {
    const proxy = await startFaultyProxy(emulator, fate(), heard);
    proxies.push(proxy);
    const begun = { proxy, living: make(proxy.url) };
    const self = present;
    void proxy.death.then(() => {
      deaths.push(proxy.died ?? "");
      if (present === self) present = undefined;
    });
    return begun;
  };

  return {
    deaths,
    async use<T>(task: (living: F) => Promise<T>) {
      present ??= begin();
      const { proxy, living } = await present;
      if (proxy.died !== undefined) {
        await proxy.death;
        return this.use(task);
      }
      const running = task(living);
      const settled = running.catch(() => undefined);
      tasks.add(settled);
      void settled.finally(() => tasks.delete(settled));
      const timer = Promise.withResolvers<never>();
      const impatient = setTimeout(() => timer.reject(new Error(`it hangs after ${proxy.asked} requests`)), patience);
      try {
        return await Promise.race<T | typeof DIED>([running, proxy.death.then((): typeof DIED => DIED), timer.promise]);
      } finally {
        clearTimeout(impatient);
      }
    },
    renew() {
      present = undefined;
    },
    async quiet() {
      while (tasks.size > 0) await Promise.all(tasks);
      await Promise.all(proxies.map((proxy) => proxy.quiet()));
    },
    async stop() {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    },
  };
}
