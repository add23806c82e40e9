import { inTurn, openLoop, repeat, saturate, timed } from "../../load.ts";
import { median, quantile, seededRandom } from "../../measure.ts";
import type { Part } from "../../part.ts";
import { type Metric, metric } from "../../report.ts";
import { routesTo } from "./routes.ts";
import type { Surroundings } from "./surroundings.ts";

export interface LatencyPlan {
  readonly warmUp: number;
  readonly rounds: number;
  /** Calls of each kind in a round. */
  readonly calls: number;
  readonly seconds: number;
  /** Callers at once that saturate the gateway. */
  readonly callers: number;
}

/** What the gateway adds to a call, one at a time and under load. */
export async function latency(surroundings: Surroundings, plan: LatencyPlan): Promise<Metric[]> {
  const gateway = await surroundings.startGateway();
  try {
    const routes = await routesTo(gateway.ready.url, surroundings);
    for (const shot of Object.values(routes)) await repeat(shot, 2, plan.warmUp);
    return [
      ...(await oneAtATime(routes, plan)),
      ...(await cpu(routes, gateway, surroundings.proxy, plan)),
      ...(await underLoad(routes, plan)),
    ];
  } finally {
    await gateway.stop();
  }
}

type Routes = Awaited<ReturnType<typeof routesTo>>;

async function oneAtATime(routes: Routes, { rounds, calls }: LatencyPlan): Promise<Metric[]> {
  // Each time one kind of each process: a process that was called a moment ago would have the caches to itself.
  const groups = [
    { direct: () => timed(routes.direct), proxy: () => timed(routes.proxy), gateway: () => timed(routes.gateway) },
    { proxy: () => timed(routes.proxy), gateway: () => timed(routes.modern) },
    { proxy: () => timed(routes.proxy), gateway: () => timed(routes.masked) },
    { proxy: routes.proxyFirstByte, gateway: routes.gatewayFirstByte },
  ] as const;
  type Way = "direct" | "proxy" | "gateway";
  type Times = Readonly<Partial<Record<Way, readonly number[]>>>;
  const runs = groups.map((): Times[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [at, group] of groups.entries()) runs[at]?.push(await inTurn<Way>(group, calls));
  const [plain = [], modern = [], masked = [], stream = []] = runs;

  const of = (run: Times, way: Way, share: number) => quantile(run[way] ?? [], share);
  const at = (times: readonly Times[], way: Way, share: number) => median(times.map((run) => of(run, way, share)));
  const added = (times: readonly Times[], over: Way, share: number) =>
    median(times.map((run) => of(run, "gateway", share) - of(run, over, share)));
  return [
    metric("one at a time: direct, p50", at(plain, "direct", 0.5), "ms"),
    metric("one at a time: empty proxy, p50", at(plain, "proxy", 0.5), "ms"),
    metric("one at a time: gateway, p50", at(plain, "gateway", 0.5), "ms"),
    metric("one at a time: gateway, p99", at(plain, "gateway", 0.99), "ms"),
    metric("one at a time: added to the empty proxy, p50", added(plain, "proxy", 0.5), "ms", 2),
    metric("one at a time: added to the empty proxy, p99", added(plain, "proxy", 0.99), "ms", 10),
    metric("one at a time: added to the direct call, p50", added(plain, "direct", 0.5), "ms"),
    metric("one at a time: gateway to direct, p50", at(plain, "gateway", 0.5) / at(plain, "direct", 0.5), "times"),
    metric("one at a time: gateway to empty proxy, p50", at(plain, "gateway", 0.5) / at(plain, "proxy", 0.5), "times"),
    metric("one at a time: added for a client of 2026-07-28, p50", added(modern, "proxy", 0.5), "ms"),
    metric("one at a time: added where a secret is masked and sealed, p50", added(masked, "proxy", 0.5), "ms"),
    metric("first byte of a stream: empty proxy, p50", at(stream, "proxy", 0.5), "ms"),
    metric("first byte of a stream: added to the empty proxy, p50", added(stream, "proxy", 0.5), "ms", 3),
  ];
}

/** Processor time of each process alone, over calls one at a time. */
async function cpu(routes: Routes, gateway: Part<unknown>, proxy: Part<unknown>, { rounds, calls }: LatencyPlan) {
  const measure = async (part: Part<unknown>, shot: Routes["gateway"]) => {
    const values: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = await part.usage();
      await repeat(shot, 1, calls);
      values.push(((await part.usage()).cpuMs - before.cpuMs) / calls);
    }
    return median(values);
  };
  const own = await measure(gateway, routes.gateway);
  const empty = await measure(proxy, routes.proxy);
  return [
    metric("processor time of a call: gateway", own, "ms"),
    metric("processor time of a call: empty proxy", empty, "ms"),
    metric("processor time of a call: gateway to empty proxy", own / empty, "times"),
  ];
}

/** Open loop at half of what the gateway can do, the empty proxy at the same rate in turn. */
async function underLoad(routes: Routes, { rounds, seconds, callers }: LatencyPlan): Promise<Metric[]> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) rates.push(await saturate(routes.gateway, callers, seconds));
  const saturation = median(rates);
  const rate = saturation / 2;
  const runs: { gateway: number[]; proxy: number[] }[] = [];
  for (let round = 0; round < rounds; round += 1)
    runs.push({
      proxy: await openLoop(routes.proxy, rate, seconds, seededRandom(round)),
      gateway: await openLoop(routes.gateway, rate, seconds, seededRandom(round)),
    });
  const at = (way: "gateway" | "proxy", share: number) => median(runs.map((run) => quantile(run[way], share)));
  const added = (share: number) => median(runs.map((run) => quantile(run.gateway, share) - quantile(run.proxy, share)));
  return [
    metric(`closed loop with ${callers} callers: calls a second`, saturation, "1/s", null, "higher"),
    metric("open loop at half of that: gateway, p50", at("gateway", 0.5), "ms"),
    metric("open loop at half of that: gateway, p99", at("gateway", 0.99), "ms"),
    metric("open loop at half of that: added to the empty proxy, p50", added(0.5), "ms", 4),
    metric("open loop at half of that: added to the empty proxy, p99", added(0.99), "ms"),
  ];
}
