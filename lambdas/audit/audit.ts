import { monotonicFactory } from "ulid";
import { jsonApi } from "../api/api.ts";
import { answerAtDesk } from "../approvals/approvals.ts";
import { furnishDesk } from "../approvals/desk.ts";
import { reveal } from "../approvals/routes/reveal.ts";
import { environmentSigner } from "../aws/environment-signer.ts";
import { contentKeyOpener } from "../aws/forensic-key.ts";
import { ledgerTable } from "../aws/ledger-table.ts";
import { createWriter } from "../domain/evidence/writer.ts";
import { policyEngine } from "../domain/policy/engine.ts";
import type { Environment } from "../environment.ts";
import { loadSettings } from "../settings.ts";
import { recordedOpener } from "./opener.ts";
import { quarantine } from "./quarantine.ts";
import { reveals } from "./reveal.ts";

/** What an approver has to see before judging, and a mask hides: opened here too, for the same reason. */
const REVEAL_ARGUMENTS = "POST /approvals/{id}/reveal";

/** The auditors' API: the only place that may open a sealed original, and it records first. */
export function createAudit(environment: Environment) {
  const settings = loadSettings(environment);
  const { config } = settings;
  const engine = policyEngine(settings.policy);
  const now = Date.now;
  const ledger = ledgerTable(environment, config.retention.hotDays);
  const signer = environmentSigner(environment, "audit");
  const writer = createWriter({ ledger, component: "audit", signer, now, newId: monotonicFactory() });

  const openKey = contentKeyOpener(environment);
  const desk = furnishDesk(environment, "audit", (jwe, call) => recordedOpener(openKey, writer, now)(jwe, call));
  const { masked } = desk;
  const revealed = reveals(environment, { settings, engine, writer, masked, now });

  const quarantined = quarantine(environment, { settings, engine, writer, now });

  return jsonApi("audit", async (event) => {
    if (event.resource === REVEAL_ARGUMENTS.slice("POST ".length))
      return answerAtDesk(event, { [REVEAL_ARGUMENTS]: reveal }, desk);
    if (event.resource === "/audit/quarantine") return quarantined(event);
    return revealed(event);
  });
}
