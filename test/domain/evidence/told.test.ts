import { expect, test } from "vitest";
import { isTold } from "../../../lambdas/domain/evidence/ocsf/told.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";

const record = (type: string, kind?: string) =>
  ({ type, ...(kind === undefined ? {} : { decision: { kind, policies: [], reason: null } }) }) as LedgerRecord;

test.each([
  ["a call that goes ahead at once", record("call.received", "allow"), false],
  ["a call that waits for somebody", record("call.received", "approve"), true],
  ["the end of a call", record("call.completed", "allow"), true],
  ["a denial", record("call.denied", "deny"), true],
  ["a denial after the call was let in", record("call.denied", "allow"), true],
  ["a call without an outcome", record("call.unresolved", "allow"), true],
  ["what was relayed on the way", record("message.relayed", "allow"), true],
  ["what is no call", record("principal.blocked"), true],
])("a SIEM is told of %s, or only when it asks for beginnings", (_, told, always) => {
  expect(isTold(told, false)).toBe(always);
  expect(isTold(told, true)).toBe(true);
});
