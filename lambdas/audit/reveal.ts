import { bodyOf } from "../api/api.ts";
import { sourceOf } from "../api/source.ts";
import type { Desk } from "../approvals/desk.ts";
import type { PersonRequest } from "../approvals/route.ts";
import { contentKeyOpener, contentKeys } from "../aws/forensic-key.ts";
import { sessionOriginals } from "../aws/session-originals.ts";
import { vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { engineAt } from "../domain/policy/engine.ts";
import { question } from "../domain/policy/question.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { consents } from "./consent.ts";
import { recordedOpener } from "./opener.ts";
import { readAsk } from "./reveal-ask.ts";
import { type Asking, subjectOf, unrevealedEntry } from "./reveal-entry.ts";
import { mustBeThere, type Permission, type RevealRoom, revealPage } from "./reveal-page.ts";

/**
 * Shows unmasked originals, a page at a time, to whom policy permits it and, where the configuration asks for that, once somebody
 * else has agreed. Each has its record first: whoever sees one has left a trace, and whoever tries.
 */
export function reveals(environment: Environment, desk: Desk) {
  const { settings, engine, writer, masked, now } = desk;
  const { config } = settings;
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  const places = { sealed, ofSession: sessionOriginals(environment), hotDays: config.retention.hotDays, now };
  const openKey = contentKeyOpener(environment);
  const room: RevealRoom = { places, sealed, writer, contentKey: contentKeys(environment), now };
  const consentTo = consents(desk, room.contentKey);
  // The approval then stays in use until its time is over, and is good for nothing more.
  const unnoted = (error: Error) => desk.log.error("what came of a reveal could not be noted", { error });

  return async (request: PersonRequest) => {
    const { event, person: auditor } = request;
    const ask = readAsk(bodyOf(event));
    const source = sourceOf(event);
    const asked = engineAt(engine, { at: now(), source });
    const permission: Permission = (id) => {
      const { allowed, errors, determining } = asked.ask(question(auditor, "reveal", { kind: "transcript", id }));
      return { permitted: allowed && errors.length === 0, policies: determining };
    };
    const { permitted, policies } = permission(subjectOf(ask));
    const asking: Asking = {
      occurredAt: new Date(now()).toISOString(),
      principal: recordPrincipal(auditor),
      source,
      // Whoever hurries may write the secret itself into the reason.
      reason: masked(ask.reason),
      decision: { kind: permitted ? "allow" : "deny", policies, reason: null },
    };
    if (!permitted) {
      await writer.append(unrevealedEntry(asking, ask, "refused"));
      throw new CountersignError("forbidden", "no policy permits you to reveal originals");
    }

    const opener = (because: Asking) => (target: string) =>
      recordedOpener(openKey, writer, now, { ...because, target });
    const consent = await consentTo({
      ask,
      request,
      asking,
      open: opener(asking)(`approval ${ask.approval}`),
      mustBeThere: () => mustBeThere(ask, asking, room),
    });
    const agreed: Asking = consent.approval === undefined ? asking : { ...asking, approval: consent.approval };
    let shown = false;
    const seen = () => {
      shown = true;
    };
    try {
      const page = await revealPage(ask, agreed, opener(agreed), permission, room, seen);
      await consent.shown(page.next).catch(unnoted);
      return page;
    } catch (cause) {
      if (!shown) await consent.giveBack().catch(unnoted);
      throw cause;
    }
  };
}
