import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Level } from "./stack.ts";

/** A look at the process of the product's functions, and how many calls had been made by then. */
export interface Sample extends Level {
  readonly calls: number;
}

/** Bytes that the product itself holds: without what stand-ins keep for who looks at them. */
export const ownBytes = ({ alive, kept }: Level): number => alive - kept;

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

export const inWords = (level: Level): string =>
  `${megabytes(ownBytes(level))} held, ${megabytes(level.kept)} of mails and logs of stand-ins beside it, ` +
  `${megabytes(level.resident)} resident, ${level.descriptors} descriptors, ${level.timers} timers`;

/**
 * Looks again and again for a while.
 *
 * @param every milliseconds
 * @param seconds until the last look
 */
export async function watch(look: () => Promise<Sample>, every: number, seconds: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    await sleep(every);
    samples.push(await look());
  }
  return samples;
}

/** Share of all processors' time that was used since. */
export function processorsSince(): () => number {
  const now = () => {
    const times = cpus().map((cpu) => cpu.times);
    const idle = times.reduce((sum, time) => sum + time.idle, 0);
    const all = times.reduce((sum, time) => sum + time.idle + time.user + time.nice + time.sys + time.irq, 0);
    return { idle, all };
  };
  const begun = now();
  return () => {
    const { idle, all } = now();
    return 1 - (idle - begun.idle) / (all - begun.all);
  };
}
