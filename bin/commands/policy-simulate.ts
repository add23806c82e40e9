import { type Vault, vault } from "../../lambdas/aws/vault.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { TRANSCRIPTS } from "../../lambdas/domain/evidence/prefixes.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { labelsOf } from "../../lambdas/domain/policy/judge.ts";
import { duration } from "../../lib/config/duration.ts";
import { recordOf } from "../archive.ts";
import { needed, type Place } from "../place.ts";
import { table } from "../table.ts";
import { type WorkingCopy, workingCopy } from "../working-copy.ts";
import { isDecided } from "./recorded-call.ts";
import { redecided } from "./redecided.ts";

export interface SimulateOptions {
  readonly config: string;
  /** A duration as configuration writes it. */
  readonly since: string;
  /** Changes that are listed; all are counted. */
  readonly most: number;
  readonly json?: boolean;
}

type Kind = "allow" | "deny" | "approve";

/** A decision that would be another one today. */
interface Change {
  readonly at: string;
  readonly call: string | null;
  readonly who: string;
  readonly client: string;
  readonly asked: string;
  readonly before: Kind;
  readonly after: Kind;
  /** The approver group that was asked; null where none was, or where nothing that was read says which. */
  readonly groupBefore: string | null;
  readonly groupAfter: string | null;
  readonly policiesBefore: readonly string[];
  readonly policiesAfter: readonly string[];
  readonly risksBefore: readonly string[];
  readonly risksAfter: readonly string[];
  /** Decided on masked arguments: the archive that this command reads holds no others. */
  readonly masked: boolean;
}

/** What a simulation keeps, however many calls it reads. */
class Tally {
  read = 0;
  masked = 0;
  changed = 0;
  /** Equal decisions that other policies would make. */
  otherPolicies = 0;
  /** Calls that need approval then and now, where nothing that was read says of which group. */
  groupsUnknown = 0;
  readonly left = new Map<string, number>();
  readonly kinds = new Map<string, number>();
  readonly policies = new Map<string, number>();
  readonly changes: Change[] = [];
  /** Calls that need approval then and now, until it is known which group was asked. */
  readonly asking: Change[] = [];
  /** The group that was asked about a call, by the call's id. A call's own record does not name it. */
  readonly groups = new Map<string, string>();
}

/** Decides the archived calls again by policies and risks of the working copy, one object of the archive at a time. */
export async function simulate(place: Place, { config, since, most, json }: SimulateOptions): Promise<string> {
  const seconds = duration.safeParse(since);
  if (!seconds.success) throw new Error(`--since ${since}: a duration such as 7d, 12h or 90m`);
  const copy = workingCopy(config);
  const from = Date.now() - seconds.data * 1000;
  const archive = vault(place.environment, needed(place.maskedVault, "--masked-vault"));
  const tally = new Tally();
  const seen = new Seen();
  for await (const record of recordsSince(archive, from)) {
    const { type, call, approval } = record;
    if (type === "approval.requested" && call && approval) tally.groups.set(call, approval.group);
    if (isDecided(record) && Date.parse(record.occurredAt) >= from && seen.isNew(record.id))
      await add(record, { archive, copy, tally, most });
  }
  compareGroups(tally, most);
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

async function add(
  record: LedgerRecord,
  { archive, copy, tally, most }: { archive: Vault; copy: WorkingCopy; tally: Tally; most: number },
): Promise<void> {
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
    if (change.before !== change.after) note(change, tally, most);
    else if (change.after === "approve") tally.asking.push(change);
    else if (!hasSamePolicies(change)) tally.otherPolicies += 1;
  } catch (error) {
    count(tally.left, error instanceof Error ? error.message : String(error));
  }
}

/** Who was asked stands in the record of the approval, which comes after that of the call. */
function compareGroups(tally: Tally, most: number): void {
  for (const change of tally.asking) {
    const groupBefore = tally.groups.get(change.call ?? "") ?? null;
    if (groupBefore !== null && groupBefore !== change.groupAfter) {
      note({ ...change, groupBefore }, tally, most);
      continue;
    }
    if (groupBefore === null) tally.groupsUnknown += 1;
    if (!hasSamePolicies(change)) tally.otherPolicies += 1;
  }
}

function note(change: Change, tally: Tally, most: number): void {
  tally.changed += 1;
  count(tally.kinds, decisionsOf(change));
  for (const policy of new Set([...change.policiesBefore, ...change.policiesAfter])) count(tally.policies, policy);
  if (tally.changes.length < most) tally.changes.push(change);
}

const hasSamePolicies = ({ policiesBefore, policiesAfter }: Change) =>
  [...policiesBefore].sort().join() === [...policiesAfter].sort().join();

/** What it was and would be; of whom it is asked, where nothing else differs. */
const decisionsOf = ({ before, after, groupBefore, groupAfter }: Change) =>
  before === after ? `${before} (${groupBefore}) → ${after} (${groupAfter})` : `${before} → ${after}`;

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

const asJson = ({ left, kinds, policies, asking: _, groups: __, ...tally }: Tally, since: string) =>
  JSON.stringify(
    {
      since,
      ...tally,
      kinds: Object.fromEntries(kinds),
      byPolicy: Object.fromEntries(policies),
      notDecided: Object.fromEntries(left),
    },
    null,
    2,
  );

function asText(tally: Tally, since: string): string {
  const { read, masked, changed, otherPolicies, changes } = tally;
  const rows = changes.map((change) => ({
    at: change.at,
    who: change.who,
    call: `${change.asked}${change.masked ? " *" : ""}`,
    decision: decisionsOf(change),
    policies: `${change.policiesBefore.join(", ") || "none"} → ${change.policiesAfter.join(", ") || "none"}`,
    risks: `${change.risksBefore.join(", ") || "none"} → ${change.risksAfter.join(", ") || "none"}`,
  }));
  const counted = (title: string, counts: ReadonlyMap<string, number>) =>
    counts.size === 0
      ? []
      : ["", title, ...[...counts].sort((a, b) => b[1] - a[1]).map(([name, many]) => `  ${many}  ${name}`)];
  return [
    `${read} calls of the last ${since}: ${changed} would be decided otherwise, ${otherPolicies} alike by other policies`,
    ...(rows.length === 0 ? [] : ["", table(rows)]),
    ...(changed > rows.length ? [`(${changed - rows.length} more; --most lists them)`] : []),
    ...(masked === 0
      ? []
      : ["", `${masked} were decided on masked arguments (*): the archive holds the originals sealed.`]),
    ...(tally.groupsUnknown === 0
      ? []
      : ["", `${tally.groupsUnknown} need approval then and now; of which group, no record that was read says.`]),
    ...counted("By change:", tally.kinds),
    ...counted("By policy:", tally.policies),
    ...counted("Could not be decided again:", tally.left),
  ].join("\n");
}
