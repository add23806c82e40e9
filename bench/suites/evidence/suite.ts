import type { Effort, Suite } from "../../suite.ts";
import { archiving } from "./archiving.ts";
import { recording } from "./recording.ts";
import { verifying } from "./verifying.ts";

const PLANS: Readonly<Record<Effort, { readonly times: number; readonly batches: number; readonly records: number }>> =
  {
    smoke: { times: 50, batches: 2, records: 10_000 },
    default: { times: 4000, batches: 60, records: 100_000 },
    long: { times: 20_000, batches: 200, records: 1_000_000 },
  };

/** The proof chain: making records, archiving them, verifying them. */
export const evidenceSuite: Suite = {
  name: "evidence",
  async run(effort, say) {
    const { times, batches, records } = PLANS[effort];
    say("making records");
    const made = await recording(times);
    say("archiving");
    const archived = await archiving(batches);
    return [...made, ...archived, ...(await verifying(records, say))];
  },
};
