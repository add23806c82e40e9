import type { Effort, Suite } from "../../suite.ts";
import { inBrowser } from "./browser.ts";
import { type InboxPlan, inbox } from "./inbox.ts";
import { seedPending } from "./pending-rows.ts";
import { startSurroundings } from "./surroundings.ts";
import { type WaitingPlan, waiting } from "./waiting.ts";

interface Plan extends InboxPlan, WaitingPlan {
  /** Times that the page is opened. */
  readonly visits: number;
}

const PLANS: Readonly<Record<Effort, Plan>> = {
  smoke: { pending: 60, calls: 2, walks: 1, visits: 1, seconds: 5, callers: 4 },
  default: { pending: 1000, calls: 20, walks: 3, visits: 5, seconds: 10, callers: 100 },
  long: { pending: 1000, calls: 60, walks: 7, visits: 15, seconds: 60, callers: 200 },
};

/** Approvals that wait, a thousand at once: what the approver waits for, and what the waiting calls cost. */
export const approvalsSuite: Suite = {
  name: "approvals",
  async run(effort, say) {
    const plan = PLANS[effort];
    const surroundings = await startSurroundings();
    try {
      // First, because the emulator looks through the whole table for each index query that a new approval takes.
      say(`${plan.callers} calls that wait`);
      const waits = await waiting(surroundings, plan, say);
      await surroundings.gateway.stop();
      say(`${plan.pending} approvals pending`);
      const seeded = await seedPending(surroundings.aws.dynamoDb, surroundings.table, plan.pending - plan.callers);
      const page = await inBrowser(surroundings, plan.visits);
      const answers = await inbox(surroundings, seeded, plan);
      return [...answers, ...page, ...waits];
    } finally {
      await surroundings.stop();
    }
  },
};
