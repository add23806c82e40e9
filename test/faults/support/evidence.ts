import type { Verdict } from "../../../lambdas/domain/evidence/verify/verify.ts";
import { auditorsVerdict, type Evidence, readEvidence } from "../../support/evidence.ts";
import { type Estate, vaultsOf } from "./estate.ts";

/** Everything that was written down of an estate. */
export const evidenceOf = (estate: Estate): Promise<Evidence> =>
  readEvidence(estate.world.aws, "ledger", vaultsOf(estate).masked);

/** What an auditor finds in an estate who has both vaults and the key. */
export const verdictOf = ({ world: { environment } }: Estate, until: number): Promise<Verdict> =>
  auditorsVerdict({ environment, maskedVault: "masked", url: "" }, "sealed", until);
