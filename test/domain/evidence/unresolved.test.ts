import { expect, test } from "vitest";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";
import { settles } from "../../../lambdas/domain/evidence/unresolved.ts";

const call = { type: "call.received", call: "one", method: "tools/call", outcome: "received" } as LedgerRecord;
const denial = { ...call, type: "call.denied", outcome: "denied" } as const;

test("a denial ends the call that was denied, and no other", () => {
  expect(settles(denial, call)).toBe(true);
  expect(settles({ ...denial, call: "two" }, call)).toBe(false);
});

test.each(["tools/call", "sampling/createMessage"])(
  "what a server said and was refused does not end the call, although its method is %s",
  (method) => {
    expect(settles({ ...denial, method, sender: "server" } as LedgerRecord, call)).toBe(false);
  },
);
