import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metric } from "../../report.ts";
import type { Effort, Suite } from "../../suite.ts";
import { makeBundle } from "./bundle.ts";
import { coldStart } from "./cold-start.ts";
import { startIssuer } from "./issuer.ts";
import { verification } from "./verification.ts";

interface Plan {
  readonly warmUp: number;
  readonly tokens: number;
  readonly starts: number;
}

const PLANS: Readonly<Record<Effort, Plan>> = {
  smoke: { warmUp: 5, tokens: 20, starts: 1 },
  default: { warmUp: 500, tokens: 3000, starts: 9 },
  long: { warmUp: 1000, tokens: 20_000, starts: 15 },
};

/** The authorizer as it is deployed: what a token costs with warm keys, its bundle, and its cold start. */
export const identitySuite: Suite = {
  name: "identity",
  async run(effort, say) {
    const plan = PLANS[effort];
    const folder = mkdtempSync(join(tmpdir(), "bench-identity-"));
    const issuer = await startIssuer();
    try {
      say("bundle");
      const bundle = await makeBundle(folder, issuer);
      say("cold start");
      const cold = await coldStart(bundle, await issuer.token(), plan.starts);
      say(`${plan.tokens} tokens`);
      const warm = await verification(bundle, issuer, plan);
      return [
        ...warm,
        metric("bundle: one module", bundle.moduleKilobytes, "KB"),
        metric("bundle: all that is deployed", bundle.kilobytes, "KB", 500),
        ...cold,
      ];
    } finally {
      await issuer.stop();
      rmSync(folder, { recursive: true });
    }
  },
};
