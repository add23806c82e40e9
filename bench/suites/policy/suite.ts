import type { Effort, Suite } from "../../suite.ts";
import { riskAssessment } from "../risk-assessment.ts";
import { decisions } from "./decisions.ts";

const RUNS: Readonly<Record<Effort, number>> = { smoke: 20, default: 3000, long: 20_000 };

/** What deciding a call costs: Cedar with many policies and long arguments, and the risks before it. */
export const policySuite: Suite = {
  name: "policy",
  async run(effort, say) {
    say("decisions");
    const decided = await decisions(RUNS[effort]);
    say("risks");
    return [...decided, ...riskAssessment(effort)];
  },
};
