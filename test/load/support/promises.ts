import { expect } from "vitest";
import type { Evidence } from "../../support/evidence.ts";
import type { Heard } from "./tally.ts";
import type { LoadServer } from "./upstream.ts";

/**
 * No call without its record, and none without an outcome: also those whose client left.
 *
 * @param overloaded how often the emulator did not answer in time: so many outcomes may not be known, and say so
 */
export function everyRunIsOnRecord(
  { runs }: LoadServer,
  { records, received, outcomeOf }: Evidence,
  overloaded: number,
): number {
  expect([...runs.keys()].filter((name) => !received.has(name))).toEqual([]);
  const open = records.filter((record) => record.type === "call.received" && outcomeOf(record) === undefined);
  expect(open).toEqual([]);
  expect(records.filter(({ type }) => type === "call.unresolved").length).toBeLessThanOrEqual(overloaded);
  return runs.size;
}

/** What was heard is what is on record: a result has its outcome, what was refused did not run, and says under which id it stands. */
export function answersAreOnRecord(heard: readonly Heard[], { runs }: LoadServer, evidence: Evidence): number {
  const { records, received, outcomeOf } = evidence;
  const calls = new Set(records.flatMap(({ call }) => call ?? []));
  // Looked at all together: a line for each of many thousands would cost more than the traffic did.
  const without = (what: readonly Heard[], stands: (one: Heard) => boolean) => what.filter((one) => !stands(one));
  const of = (...sorts: readonly string[]) => heard.filter(({ sort }) => sorts.includes(sort));
  const ended = ({ name }: Heard, ...outcomes: readonly string[]) =>
    (received.get(name) ?? []).some((call) => outcomes.includes(outcomeOf(call)?.outcome ?? ""));

  expect(without(of("result"), (one) => ended(one, "ok", "collected"))).toEqual([]);
  expect(
    records.some(({ type }) => type === "access.refused"),
    "tokens that were refused",
  ).toBe(true);
  const named = heard.filter(({ sort, call }) => call !== undefined && sort !== "not_recorded");
  expect(without(named, ({ call }) => calls.has(call ?? ""))).toEqual([]);
  expect(without(of("denied"), ({ name }) => !runs.has(name))).toEqual([]);
  return heard.length;
}

/** Who was asked answered, or the time ran out: no approval is left open, and nothing was run twice under one. */
export function approvalsCameToAnEnd({ runs }: LoadServer, { records }: Evidence): Readonly<Record<string, number>> {
  const of = (...types: readonly string[]) =>
    new Set(records.filter(({ type }) => types.includes(type)).map(({ approval }) => approval?.id ?? ""));
  const [asked, decided, expired] = [of("approval.requested"), of("approval.decided"), of("approval.expired")];
  expect([...asked].filter((id) => !decided.has(id) && !expired.has(id))).toEqual([]);
  expect([...runs].filter(([, times]) => times > 1)).toEqual([]);
  return { asked: asked.size, decided: decided.size, expired: expired.size };
}
