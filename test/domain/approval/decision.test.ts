import { describe, expect, test } from "vitest";
import { maySee, statusAfter, whyNotDecide } from "../../../lambdas/domain/approval/decision.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { approval, decisionOf, person } from "../../support/samples.ts";

const engine = policyEngine(loadPolicies("config/policies", ["platform", "security"]));
const approver = person("approver-one", ["approvers"]);
const now = 5000;

describe("who may decide", () => {
  test("a person whom policy permits", () => {
    expect(whyNotDecide(approver, approval(), engine, now)).toBeNull();
  });

  const own = { ...person("developer", ["approvers"]), id: "other-issuer|dev", issuer: "https://other.example.com" };
  const workload = { ...approver, kind: "workload" as const };
  const nameless = { ...person("developer"), person: null };
  const startedBy = (initiator: string) => ({ ...person("job"), kind: "workload" as const, person: null, initiator });
  test.each([
    ["the requester", { ...approver, id: "company|developer" }, approval(), /your own/],
    ["the requester under another issuer", own, approval(), /your own/],
    ["a workload", workload, approval(), /workload/],
    ["a person whom no verified claim names", { ...approver, person: null }, approval(), /person claim/],
    [
      "anybody, when the requester is not named by a verified claim",
      approver,
      approval({ requester: nameless }),
      /names no verified person/,
    ],
    [
      "whoever started the job, by e-mail",
      approver,
      approval({ requester: startedBy("Approver-One@example.com") }),
      /you started/,
    ],
    ["a person who has decided", approver, approval({ decisions: [decisionOf("approver-one")] }), /decided already/],
    ["a person of no group", person("passer-by"), approval(), /no policy permits/],
    ["anybody after the deadline", approver, approval({ deadline: now }), /EXPIRED/],
    ["anybody once it is decided", approver, approval({ status: "DENIED" }), /DENIED/],
  ])("not %s", (_, who, row, why) => {
    expect(whyNotDecide(who, row, engine, now)).toMatch(why);
  });
});

test("an approval is seen by its requester and by those who may decide, and by nobody else", () => {
  expect(maySee(person("developer"), approval(), engine)).toBe(true);
  expect(maySee(approver, approval(), engine)).toBe(true);
  expect(maySee(person("auditor", ["auditors"]), approval(), engine)).toBe(false);
});

describe("what a decision makes of it", () => {
  test.each([
    ["one of one approves", 1, [], decisionOf("a"), "APPROVED"],
    ["one of two waits", 2, [], decisionOf("a"), "PENDING"],
    ["two people of two approve", 2, [decisionOf("a")], decisionOf("b"), "APPROVED"],
    ["the same person twice is one", 2, [decisionOf("a")], decisionOf("a"), "PENDING"],
    ["any denial denies", 2, [decisionOf("a")], decisionOf("b", "deny"), "DENIED"],
  ])("%s", (_, quorum, decisions, decision, status) => {
    expect(statusAfter(approval({ quorum, decisions }), decision)).toBe(status);
  });
});
