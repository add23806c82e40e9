import { median } from "../../measure.ts";
import { startPart } from "../../part.ts";
import { type Metric, metric } from "../../report.ts";
import type { Bundle } from "./bundle.ts";
import { eventOf } from "./event.ts";

interface Start {
  readonly loadMs: number;
  readonly checkMs: number;
  readonly principalId: string;
}

/** From the bundle's import to its first answer, in fresh processes; the start of Node itself is Lambda's. */
export async function coldStart({ module, wrapper }: Bundle, token: string, starts: number): Promise<Metric[]> {
  const runs: Start[] = [];
  for (let run = 0; run < starts; run += 1) {
    const part = await startPart<Start>(new URL("cold-start-process.ts", import.meta.url), {
      environment: { BENCH_HANDLER: module, BENCH_EVENT: JSON.stringify(eventOf(token)) },
      wrapper,
      node: ["--enable-source-maps"],
    });
    await part.stop();
    if (part.ready.principalId !== "company|developer") throw new Error("a cold start let nobody in");
    runs.push(part.ready);
  }
  const of = (value: (run: Start) => number) => median(runs.map(value));
  return [
    metric(
      "cold start: loading the bundle",
      of((run) => run.loadMs),
      "ms",
    ),
    metric(
      "cold start: the first token, its issuer's keys fetched from loopback",
      of((run) => run.checkMs),
      "ms",
    ),
    metric(
      "cold start: import to first answer",
      of((run) => run.loadMs + run.checkMs),
      "ms",
      200,
    ),
  ];
}
