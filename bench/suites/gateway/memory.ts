import { repeat } from "../../load.ts";
import { slope } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import { routesTo } from "./routes.ts";
import type { Surroundings } from "./surroundings.ts";

const CALLERS = 8;
const SAMPLES = 100;

/**
 * Memory of the gateway's process over many calls, and whether it grows once it has settled (after a fifth of them).
 * The process holds the local front and the authorizer as well. V8's limits are those that Lambda sets, and
 * the function's wrapper lowers.
 */
export async function memory(surroundings: Surroundings, calls: number): Promise<Metric[]> {
  const gateway = await surroundings.startGateway();
  try {
    const { gateway: shot } = await routesTo(gateway.ready.url, surroundings);
    const start = (await gateway.usage()).rssMb;
    const samples: { x: number; y: number }[] = [];
    for (let sample = 1; sample <= SAMPLES; sample += 1) {
      await repeat(shot, CALLERS, calls / SAMPLES);
      samples.push({ x: sample / SAMPLES, y: (await gateway.usage()).rssMb });
    }
    const settled = samples.filter(({ x }) => x > 0.2);
    const span = `from ${number(calls / 5)} to ${number(calls)} calls`;
    return [
      metric("memory: resident at the first call", start, "MiB"),
      metric(`memory: resident after ${number(calls)} calls`, samples.at(-1)?.y ?? Number.NaN, "MiB", 200),
      metric(`memory: largest resident ${span}`, Math.max(...settled.map(({ y }) => y)), "MiB"),
      metric(`memory: growth ${span} (fitted line)`, slope(settled) * 0.8, "MiB", 10),
    ];
  } finally {
    await gateway.stop();
  }
}

const number = (value: number) => value.toLocaleString("en-US");
