import type { Effort, Suite } from "../../suite.ts";
import { coldStart } from "./cold-start.ts";
import { type LatencyPlan, latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { startSurroundings } from "./surroundings.ts";

interface Plan extends LatencyPlan {
  readonly starts: number;
  readonly memoryCalls: number;
}

const PLANS: Readonly<Record<Effort, Plan>> = {
  smoke: { warmUp: 5, rounds: 1, calls: 5, seconds: 0.3, callers: 4, starts: 1, memoryCalls: 100 },
  default: { warmUp: 1500, rounds: 5, calls: 800, seconds: 4, callers: 32, starts: 9, memoryCalls: 30_000 },
  long: { warmUp: 3000, rounds: 7, calls: 2000, seconds: 8, callers: 32, starts: 15, memoryCalls: 100_000 },
};

/** The data path: what a call costs through the gateway when AWS answers at once, its cold start and its memory. */
export const gatewaySuite: Suite = {
  name: "gateway",
  async run(effort, say) {
    const plan = PLANS[effort];
    const surroundings = await startSurroundings();
    try {
      say("cold start");
      const cold = await coldStart(surroundings, plan.starts);
      say("latency");
      const timings = await latency(surroundings, plan);
      say(`memory over ${plan.memoryCalls} calls`);
      const resident = await memory(surroundings, plan.memoryCalls);
      return [...timings, ...cold, ...surroundings.bundle.metrics, ...resident];
    } finally {
      await surroundings.stop();
    }
  },
};
