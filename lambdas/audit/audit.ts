import { monotonicFactory } from "ulid";
import { bodyOf, jsonApi } from "../api/api.ts";
import { personOf, requireFresh } from "../api/person.ts";
import { sourceOf } from "../api/source.ts";
import { answerAtDesk } from "../approvals/approvals.ts";
import { furnishDesk } from "../approvals/desk.ts";
import { reveal } from "../approvals/routes/reveal.ts";
import { environmentSigner } from "../aws/environment-signer.ts";
import { contentKeyOpener } from "../aws/forensic-key.ts";
import { ledgerTable } from "../aws/ledger-table.ts";
import { vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import { openOriginal } from "../domain/evidence/sealed-original.ts";
import { createWriter } from "../domain/evidence/writer.ts";
import { engineAt, policyEngine } from "../domain/policy/engine.ts";
import { question } from "../domain/policy/question.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { loadSettings } from "../settings.ts";
import { findSealed } from "./find-sealed.ts";
import { readReveal } from "./reveal-body.ts";
import { revealEntry } from "./reveal-entry.ts";

/** What an approver has to see before judging, and a mask hides: opened here too, for the same reason. */
const REVEAL_ARGUMENTS = "POST /approvals/{id}/reveal";

/** The auditors' API: the only place that may open a sealed original, and it records first. */
export function createAudit(environment: Environment) {
  const settings = loadSettings(environment);
  const { config } = settings;
  const engine = policyEngine(settings.policy);
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  const unwrap = contentKeyOpener(environment);
  const now = Date.now;
  const ledger = ledgerTable(environment, config.retention.hotDays);
  const signer = environmentSigner(environment, "audit");
  const writer = createWriter({ ledger, component: "audit", signer, now, newId: monotonicFactory() });

  const desk = furnishDesk(environment, "audit", (jwe, call) => openOriginal(jwe, call, unwrap));

  return jsonApi("audit", async (event) => {
    if (event.resource === REVEAL_ARGUMENTS.slice("POST ".length))
      return answerAtDesk(event, { [REVEAL_ARGUMENTS]: reveal }, desk);
    const { record: id, reason } = readReveal(bodyOf(event));
    const auditor = personOf(event, config, now());
    requireFresh(auditor, config, now());
    const asked = engineAt(engine, { at: now(), source: sourceOf(event) });
    const answer = asked.ask(question(auditor, "reveal", { kind: "transcript", id }));
    const permitted = answer.allowed && answer.errors.length === 0;
    const found = permitted ? await findSealed(sealed, id) : undefined;
    // The record comes first: whoever sees an original has left a trace, and a refused attempt leaves one as well.
    const line = await writer.append(
      revealEntry(event, auditor, { id, reason, found, permitted, policies: answer.determining }, now()),
    );
    if (!permitted) throw new CountersignError("forbidden", "no policy permits you to reveal originals");
    if (found === undefined)
      throw new CountersignError("not_found", "no archived record has this id; a new one takes some seconds to arrive");
    const open = (jwe: string | undefined) => (jwe === undefined ? null : openOriginal(jwe, found.call, unwrap));
    return {
      record: id,
      recordedAs: line.record.id,
      request: await open(found.request),
      response: await open(found.response),
    };
  });
}
