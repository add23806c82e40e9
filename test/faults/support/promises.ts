import { expect } from "vitest";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";
import type { Evidence } from "../../support/evidence.ts";
import type { Heard } from "./clients.ts";
import type { Estate } from "./estate.ts";

/** No call without its record: whatever ran had its intent durable before. */
export function nothingRanUnrecorded({ world, durable }: Estate, { received }: Evidence): number {
  for (const run of world.iam.runs) {
    const records = received.get(run.name) ?? [];
    const times = records.flatMap(({ id }) => durable.get(id) ?? []);
    expect(records, `${run.name} ran without a call.received`).not.toEqual([]);
    expect(Math.min(...times), `${run.name} ran before its call.received was durable`).toBeLessThan(run.at);
  }
  return world.iam.runs.length;
}

/** No answer without its outcome: a result was on record before it was released, and what was refused did not run. */
export function answersAreOnRecord(
  { world, durable }: Estate,
  { received, outcomeOf }: Evidence,
  heard: readonly Heard[],
) {
  const count = { results: 0, refused: 0, unknown: 0, died: 0 };
  for (const { plan, told, at } of heard) {
    const { name } = plan.args;
    const calls = received.get(name) ?? [];
    for (const call of calls)
      expect(outcomeOf(call), `${name} has no outcome: ${JSON.stringify(call)}; told ${told?.text}`).toBeDefined();
    if (told === null) {
      count.died += 1;
      continue;
    }
    expect(told.text, `${name} got no answer`).not.toBe("");
    if (told.text.includes(`done ${name}`)) {
      count.results += 1;
      const outcomes = calls.flatMap((call) => outcomeOf(call) ?? []).filter(({ outcome }) => outcome === "ok");
      const times = outcomes.flatMap(({ id }) => durable.get(id) ?? []);
      expect(Math.min(...times), `${name}: its result left before its outcome was durable`).toBeLessThan(at);
    } else if (/nothing was executed|DENIED/i.test(told.text)) {
      count.refused += 1;
      expect(world.iam.runsOf(name), `${name} ran: ${told.text}`).toEqual([]);
    } else count.unknown += 1;
  }
  return count;
}

/** The archive holds the ledger's records, each in one version, and none that says again what another says. */
export function archiveIsTheLedger({ records, archived }: Evidence): void {
  expect([...archived.keys()].sort()).toEqual(records.map(({ id }) => id).sort());
  for (const [id, texts] of archived) expect(texts.size, `versions of ${id}`).toBe(1);
  const said = new Set<string>();
  for (const record of records.filter(isSaidOnce)) {
    const what = record.type.startsWith("call.")
      ? `${record.type} ${record.call}`
      : `${record.type} ${record.approval?.id} ${record.approval?.person}`;
    expect(said.has(what), `${what} is on record twice`).toBe(false);
    said.add(what);
  }
}

const ONCE: readonly LedgerRecord["type"][] = [
  "call.received",
  "call.completed",
  "call.unresolved",
  "approval.requested",
  "approval.decided",
  "approval.consumed",
  "grant.created",
  "grant.ended",
];
const isSaidOnce = ({ type }: LedgerRecord) => ONCE.includes(type);

/** Counts by a property, for the summary. */
export const tallyOf = <T>(items: readonly T[], of: (item: T) => string): string =>
  [...Map.groupBy(items, of)]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([name, group]) => `${group.length} ${name}`)
    .join(", ");
