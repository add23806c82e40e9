import type { Effort, Suite } from "../../suite.ts";
import { inBrowser } from "./browser.ts";
import { type InboxPlan, inbox } from "./inbox.ts";
import { seedPending } from "./pending-rows.ts";
import { startSurroundings } from "./surroundings.ts";
import { type WaitingPlan, waiting } from "./waiting.ts";

interface Plan extends InboxPlan, WaitingPlan {
  readonly pending: number;
  /** Times that the page is opened. */
  readonly visits: number;
}

const PLANS: Readonly<Record<Effort, Plan>> = {
  smoke: { pending: 120, calls: 2, walks: 1, visits: 1, seconds: 5, callers: 4 },
  default: { pending: 1000, calls: 40, walks: 5, visits: 9, seconds: 10, callers: 100 },
  long: { pending: 1000, calls: 100, walks: 11, visits: 21, seconds: 60, callers: 200 },
};

/** Approvals that wait, a thousand at once: what the approver waits for, and what the waiting calls cost. */
export const approvalsSuite: Suite = {
  name: "approvals",
  async run(effort, say) {
    const plan = PLANS[effort];
    const surroundings = await startSurroundings();
    try {
      say(`${plan.pending} approvals are put into the table`);
      const seeded = await seedPending(surroundings.aws.dynamoDb, surroundings.table, plan.pending);
      say("the page in a browser");
      const page = await inBrowser(surroundings, plan.visits);
      say("inbox, approval, decision");
      const answers = await inbox(surroundings, seeded, plan);
      say("calls that wait");
      return [...answers, ...page, ...(await waiting(surroundings, plan, say))];
    } finally {
      await surroundings.stop();
    }
  },
};
