import { type Vault, vault } from "../../lambdas/aws/vault.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { TRANSCRIPTS } from "../../lambdas/domain/evidence/prefixes.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { labelsOf } from "../../lambdas/domain/policy/judge.ts";
import { duration } from "../../lib/config/duration.ts";
import { recordOf } from "../archive.ts";
import { needed, type Place } from "../place.ts";
import { type WorkingCopy, workingCopy } from "../working-copy.ts";
import { isDecided } from "./recorded-call.ts";
import { redecided } from "./redecided.ts";
import { type Change, Tally } from "./simulate-tally.ts";
import { asJson, asText } from "./simulate-text.ts";

export interface SimulateOptions {
  readonly config: string;
  /** A duration as configuration writes it. */
  readonly since: string;
  /** Changes that are listed; all are counted. */
  readonly most: number;
  readonly json?: boolean;
}

/** Decides the archived calls again by policies and risks of the working copy, one object of the archive at a time. */
export async function simulate(place: Place, { config, since, most, json }: SimulateOptions): Promise<string> {
  const seconds = duration.safeParse(since);
  if (!seconds.success) throw new Error(`--since ${since}: a duration such as 7d, 12h or 90m`);
  const copy = workingCopy(config);
  const from = Date.now() - seconds.data * 1000;
  const archive = vault(place.environment, needed(place.maskedVault, "--masked-vault"));
  const tally = new Tally(most);
  const seen = new Seen();
  for await (const record of recordsSince(archive, from)) {
    const { type, call, approval } = record;
    if (type === "approval.requested" && call && approval) tally.groups.set(call, approval.group);
    if (isDecided(record) && Date.parse(record.occurredAt) >= from && seen.isNew(record.id))
      await add(record, archive, copy, tally);
  }
  tally.compareGroups();
  return json ? asJson(tally, since) : asText(tally, since);
}

async function* recordsSince(archive: Vault, from: number): AsyncGenerator<LedgerRecord> {
  // A record lies under the hour in which it arrived, by AWS's clock; its writer's may have been ahead.
  for (let day = from - HOUR; dayOf(day) <= dayOf(Date.now()); day += 24 * HOUR)
    for (const key of await archive.list(`${TRANSCRIPTS}dt=${dayOf(day)}/`))
      for (const line of (await archive.get(key)).split("\n")) if (line !== "") yield recordOf(line);
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The archive holds a record at least once; a second copy lies near the first. */
class Seen {
  private recent = new Set<string>();
  private older = new Set<string>();
  isNew(id: string): boolean {
    if (this.recent.has(id) || this.older.has(id)) return false;
    this.recent.add(id);
    if (this.recent.size >= MOST_SEEN) [this.older, this.recent] = [this.recent, new Set()];
    return true;
  }
}
const MOST_SEEN = 100_000;

async function add(record: LedgerRecord, archive: Vault, copy: WorkingCopy, tally: Tally): Promise<void> {
  const { decision, principal } = record;
  if (decision === undefined || principal === undefined) return;
  tally.read += 1;
  try {
    const { now, masked } = await redecided(record, archive, copy);
    if (masked) tally.masked += 1;
    const change: Change = {
      at: record.occurredAt,
      call: record.call ?? null,
      who: principal.id,
      client: principal.client,
      asked: [record.server, record.method, record.target].filter(Boolean).join(" "),
      before: decision.kind,
      after: now.decision.kind,
      groupBefore: null,
      groupAfter: now.decision.kind === "approve" ? now.decision.group : null,
      policiesBefore: decision.policies,
      policiesAfter: now.decision.policies,
      risksBefore: record.risks ?? [],
      risksAfter: labelsOf(now.risks),
      masked,
    };
    tally.add(change);
  } catch (error) {
    tally.leave(error);
  }
}
