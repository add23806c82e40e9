import type { APIGatewayProxyEvent } from "aws-lambda";
import { ulid } from "ulid";
import type { Settings } from "../../lib/config/settings.ts";
import { bodyOf } from "../api/api.ts";
import { sourceOf } from "../api/source.ts";
import type { PersonRequest } from "../approvals/route.ts";
import { contentKeys } from "../aws/forensic-key.ts";
import { vault } from "../aws/vault.ts";
import { vaultCopies } from "../aws/vault-copies.ts";
import { CountersignError } from "../domain/error.ts";
import { copyLines, leafOf, quarantinedCopy } from "../domain/evidence/quarantine.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import { remaskBy } from "../domain/evidence/remask.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { canonical } from "../domain/json/canonical.ts";
import { engineAt, type PolicyEngine } from "../domain/policy/engine.ts";
import { type Circumstances, question } from "../domain/policy/question.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { readQuarantine } from "./quarantine-body.ts";
import { missedTexts, ofEach, presentBodies, remaskedBodies } from "./quarantine-parts.ts";
import { type RecordCopy, recordCopies } from "./record-copies.ts";

export interface QuarantineDesk {
  readonly settings: Settings;
  readonly engine: PolicyEngine;
  readonly writer: Writer;
  readonly now: () => number;
}

const NOTHING_THERE = "no archived record has this id; a new one takes about a minute to arrive";

/**
 * Puts a newly masked copy in the place of a record in which a secret was missed. The order is recorded first; the version
 * that was locked stays as it was signed, for who may read versions.
 */
export function quarantine(environment: Environment, { settings, engine, writer, now }: QuarantineDesk) {
  const [maskedName, sealedName] = [requireEnv(environment, ENV.maskedVault), requireEnv(environment, ENV.sealedVault)];
  const vaults = { masked: vault(environment, maskedName), sealed: vault(environment, sealedName) };
  const copies = { masked: vaultCopies(environment, maskedName), sealed: vaultCopies(environment, sealedName) };
  const contentKey = contentKeys(environment);

  return async ({ event, person }: PersonRequest) => {
    const order = readQuarantine(bodyOf(event));
    const { permitted, policies } = permission(person, order.record, engine, { at: now(), source: sourceOf(event) });
    const entry = orderEntry(event, person, policies, now());
    if (!permitted) {
      const session = `quarantine-${order.record}`;
      const decision = { kind: "deny" as const, policies, reason: null };
      await writer.append({ ...entry, type: "access.refused", session, outcome: "refused", decision });
      throw new CountersignError("forbidden", "no policy permits you to quarantine records");
    }

    const found = await recordCopies(order.record, vaults.sealed, copies);
    const [first] = found;
    if (first === undefined) throw new CountersignError("not_found", NOTHING_THERE);
    const { record, text, signature } = first.line;
    const present = await presentBodies(first, vaults);
    const missed = missedTexts(order, present);
    const remask = remaskBy(settings.masking, record.server, missed);
    const bodies = await remaskedBodies(record, present, order, remask, contentKey);

    const [id, hash] = [ulid(now()), leafOf(text, record)];
    const copy = quarantinedCopy(
      record,
      ofEach(bodies, ({ body }) => body),
      { order: id, hash, remask },
    );
    if (canonical({ ...copy, quarantined: record.quarantined }) === text)
      throw new CountersignError("bad_request", "neither that nor the present rules find anything in the record");
    const sealed = ofEach(bodies, (part) => (part.body.key === null ? part.sealed : undefined));
    const lines = copyLines(copy, signature, sealed);

    const story = {
      session: record.session,
      ...(record.call === undefined ? {} : { call: record.call }),
      // Whoever hurries may write the secret itself into the reason.
      reason: remask(order.reason).text,
      digests: settings.digests,
      quarantined: { record: record.id, hash, copy: lines.hash },
    };
    await writer.append({ ...entry, ...story }, undefined, id);

    for (const { apart, sealed: seal = null } of Object.values(bodies)) {
      if (apart === undefined) continue;
      await Promise.all([
        vaults.masked.put(apart.key, apart.object),
        ...(seal === null ? [] : [vaults.sealed.put(apart.key, seal)]),
      ]);
      const before = await copies.masked.present(apart.before);
      if (before !== undefined) await copies.masked.replace(apart.before, apart.object, before);
    }
    for (const { key, masked, lines: all, at, sealed: other, sealedLines, sealedAt } of found) {
      await copies.masked.replace(key, textOf(all.with(at, lines.masked)), masked);
      await copies.sealed.replace(key, textOf(sealedLines.with(sealedAt, lines.sealed)), other);
    }
    return { record: record.id, recordedAs: id, objects: found.map(({ key }) => key), alsoIn: alsoIn(found, missed) };
  };
}

/** Auditors may, and administrators: whoever finds the secret should not have to look for the other. */
function permission(person: Principal, record: string, engine: PolicyEngine, at: Circumstances) {
  const asked = engineAt(engine, at);
  const answers = [
    asked.ask(question(person, "audit", { kind: "transcript", id: record })),
    asked.ask(question(person, "administer", { kind: "account", id: record })),
  ];
  const yes = answers.find(({ allowed, errors }) => allowed && errors.length === 0);
  return { permitted: yes !== undefined, policies: (yes ?? answers[0])?.determining ?? [] };
}

const orderEntry = (
  event: APIGatewayProxyEvent,
  who: Principal,
  policies: readonly string[],
  now: number,
): Omit<RecordEntry, "session"> => ({
  type: "transcript.quarantined",
  occurredAt: new Date(now).toISOString(),
  outcome: "quarantined",
  principal: recordPrincipal(who),
  source: sourceOf(event),
  decision: { kind: "allow", policies, reason: null },
});

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** Other records in the same objects in which the text stands: each needs an order of its own. */
function alsoIn(found: readonly RecordCopy[], missed: readonly string[]): string[] {
  const forms = missed.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
  const others = found.flatMap(({ lines, at }) => lines.toSpliced(at, 1));
  const ids = others
    .filter((line) => forms.some((form) => line.includes(form)))
    .map((line) => (JSON.parse(line) as { readonly id: string }).id);
  return [...new Set(ids)];
}
