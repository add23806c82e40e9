import { describe, expect, test } from "vitest";
import type { Approval } from "../../../lambdas/domain/approval/approval.ts";
import { approvalId, callDigest } from "../../../lambdas/domain/approval/identity.ts";
import { asksAnew, standingDenial, statusAt } from "../../../lambdas/domain/approval/state.ts";
import type { ApproverGroupConfig } from "../../../lib/config/schema.ts";
import { approval } from "../../support/samples.ts";

describe("the status as time passes", () => {
  test.each<[string, Partial<Approval>, number, string]>([
    ["pending before its deadline", {}, 9999, "PENDING"],
    ["expired at its deadline, whether a timer fired or not", {}, 10_000, "EXPIRED"],
    ["approved while it may still start", { status: "APPROVED", until: 20_000 }, 19_999, "APPROVED"],
    ["expired when nobody started it in time", { status: "APPROVED", until: 20_000 }, 20_000, "EXPIRED"],
    ["executing while it may run", { status: "EXECUTING", until: 20_000 }, 19_999, "EXECUTING"],
    ["unknown when whoever ran it never came back", { status: "EXECUTING", until: 20_000 }, 20_000, "UNKNOWN"],
    ["an agreed reveal expires too", { kind: "reveal", status: "APPROVED", until: 20_000 }, 20_000, "EXPIRED"],
    ["given access stays given", { kind: "access", status: "APPROVED", until: 20_000 }, 30_000, "APPROVED"],
    ["denied for ever", { status: "DENIED" }, 1e12, "DENIED"],
    ["completed for ever", { status: "COMPLETED" }, 1e12, "COMPLETED"],
  ])("%s", (_, row, now, status) => {
    expect(statusAt(approval(row), now)).toBe(status);
  });
});

describe("the same call again", () => {
  const group = { denialStandsFor: 60 } as ApproverGroupConfig;
  const anew = (row: Partial<Approval>, now: number) =>
    asksAnew(approval(row), { now, groups: [group], collectForMs: 30_000 });
  test.each<[string, Partial<Approval>, number, boolean]>([
    ["joins while it is pending", {}, 9999, false],
    ["asks anew after it expired", {}, 10_000, true],
    ["joins while it runs", { status: "EXECUTING", until: 50_000 }, 49_999, false],
    ["is denied while the denial stands", { status: "DENIED", decidedAt: 5000 }, 64_999, false],
    ["asks anew when the denial has stood", { status: "DENIED", decidedAt: 5000 }, 65_000, true],
    ["collects for a while", { status: "COMPLETED", completedAt: 5000 }, 34_999, false],
    ["asks anew when nothing can be collected any more", { status: "COMPLETED", completedAt: 5000 }, 35_000, true],
    ["learns for a while that it may have run", { status: "UNKNOWN", until: 5000 }, 34_999, false],
    ["asks anew after a withdrawal", { status: "WITHDRAWN" }, 2000, true],
  ])("%s", (_, row, now, expected) => {
    expect(anew(row, now)).toBe(expected);
  });
});

describe("a denial", () => {
  const groups = [
    { name: "platform", denialStandsFor: 60 },
    { name: "security", denialStandsFor: 600 },
  ] as ApproverGroupConfig[];
  const denied = (change: Partial<Approval>) => [
    approval({ status: "DENIED", decidedAt: 5000, risks: [{ risk: "iam", pointer: "", match: "x" }], ...change }),
  ];
  test.each<[string, Partial<Approval>, number]>([
    ["stands as long as the group wants that was asked", { group: "platform" }, 65_000],
    ["whichever group would be asked now", { group: "security" }, 605_000],
    ["and as long as the stricter wants where two were asked", { group: "platform", escalatedTo: "security" }, 605_000],
    ["of a group that is no more stands longest", { group: "gone" }, 605_000],
  ])("%s", (_, row, until) => {
    expect(standingDenial(denied(row), ["iam"], groups, until - 1)?.until).toBe(until);
    expect(standingDenial(denied(row), ["iam"], groups, until)).toBeUndefined();
  });
});

describe("what an approval is bound to", () => {
  const call = {
    principal: "company|developer",
    client: "agent",
    server: "ops",
    method: "tools/call",
    target: "create_role",
    arguments: { name: "r", tags: ["a", "b"] },
    toolDigest: "t",
    policyDigest: "p",
    risksDigest: "r",
  };
  test("the order of members changes nothing", () => {
    expect(callDigest({ ...call, arguments: { tags: ["a", "b"], name: "r" } })).toBe(callDigest(call));
  });
  test.each(Object.keys(call))("another %s is another call", (field) => {
    const value = field === "arguments" ? { name: "r", tags: ["b", "a"] } : "changed";
    expect(callDigest({ ...call, [field]: value })).not.toBe(callDigest(call));
  });
  test("an id is 26 letters and digits, the same each time, another for each attempt", () => {
    const digest = callDigest(call);
    expect(approvalId(digest, 1)).toMatch(/^[a-z2-7]{26}$/);
    expect(approvalId(digest, 1)).toBe(approvalId(digest, 1));
    expect(approvalId(digest, 2)).not.toBe(approvalId(digest, 1));
  });
});
