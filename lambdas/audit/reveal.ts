import type { APIGatewayProxyEvent } from "aws-lambda";
import { ulid } from "ulid";
import type { Settings } from "../../lib/config/settings.ts";
import { bodyOf } from "../api/api.ts";
import { personOf, requireFresh } from "../api/person.ts";
import { sourceOf } from "../api/source.ts";
import { contentKeyOpener, contentKeys } from "../aws/forensic-key.ts";
import { sessionOriginals } from "../aws/session-originals.ts";
import { vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { engineAt, type PolicyEngine } from "../domain/policy/engine.ts";
import { question } from "../domain/policy/question.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { matcher } from "./matcher.ts";
import { recordedOpener } from "./opener.ts";
import { readAsk } from "./reveal-ask.ts";
import { type Asking, revealedEntry, searchEntry, subjectOf, unrevealedEntry } from "./reveal-entry.ts";
import { shownOf } from "./shown.ts";
import { sought } from "./sought.ts";

export interface RevealDesk {
  readonly settings: Settings;
  readonly engine: PolicyEngine;
  readonly writer: Writer;
  /** What people write is masked like what servers say. */
  readonly masked: (text: string) => string;
  readonly now: () => number;
}

/** Milliseconds that one page looks for; API Gateway ends at 29 s. */
const PATIENCE = 15_000;
const NOTHING_THERE = "no archived record has this id; a new one takes some seconds to arrive";

/** Shows unmasked originals, a page at a time. Each has its record first: whoever sees one has left a trace, and whoever tries. */
export function reveals(environment: Environment, { settings, engine, writer, masked, now }: RevealDesk) {
  const { config } = settings;
  const { hotDays } = config.retention;
  const sealed = vault(environment, requireEnv(environment, ENV.sealedVault));
  const places = { sealed, ofSession: sessionOriginals(environment), hotDays, now };
  const openKey = contentKeyOpener(environment);
  const contentKey = contentKeys(environment);

  return async (event: APIGatewayProxyEvent) => {
    const ask = readAsk(bodyOf(event));
    const auditor = personOf(event, config, now());
    requireFresh(auditor, config, now());
    const source = sourceOf(event);
    const asked = engineAt(engine, { at: now(), source });
    const permission = (id: string) => {
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

    let within = ask.kind === "session" ? `session ${ask.id}` : undefined;
    if (ask.kind === "search") {
      const { entry, sealed: seal } = await searchEntry(asking, ask, ulid(now()), contentKey);
      within = `search ${(await writer.append(entry, { request: seal })).record.id}`;
    }
    const open = recordedOpener(openKey, writer, now, { ...asking, target: within ?? subjectOf(ask) });
    const search = ask.kind === "search" ? matcher(ask.text, sealed, open) : undefined;
    const holds = search?.holds ?? (async ({ record }) => record.session === subjectOf(ask));
    const found = await sought(ask, places, holds, now() + PATIENCE);
    if (ask.kind === "record" && found.lines.length === 0) {
      await writer.append(unrevealedEntry(asking, ask, "not-found"));
      throw new CountersignError("not_found", NOTHING_THERE);
    }

    const originals = [];
    let withheld = 0;
    let next = found.next;
    for (const line of found.lines) {
      // A policy may forbid a single record although it permits the session or the search that led to it.
      const own = permission(line.record.id);
      if (!own.permitted) withheld += 1;
      if (!own.permitted) continue;
      const decision = { kind: "allow" as const, policies: own.policies, reason: null };
      const { record } = await writer.append(revealedEntry({ ...asking, decision }, line, within));
      const from = ask.kind === "record" ? Number(ask.begin ?? 0) : null;
      const shown = await shownOf(line, sealed, open, from);
      originals.push({ ...shown.original, recordedAs: record.id });
      next ??= shown.next;
    }
    return { originals, withheld, unopened: search?.unopened() ?? 0, covers: found.covers, next };
  };
}
