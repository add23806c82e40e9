import { describe, expect, test } from "vitest";
import type { Approval, ApprovalDecision } from "../../../lambdas/domain/approval/approval.ts";
import {
  isWithdrawable,
  maySee,
  mayWithdraw,
  reasonRequired,
  statusAfter,
  whyNotApprove,
  whyNotDecide,
} from "../../../lambdas/domain/approval/decision.ts";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { approval, decisionOf, person } from "../../support/samples.ts";

const engine = policyEngine(loadPolicies("config/policies", ["platform", "security"]));
const approver = person("approver-one", ["approvers"]);
const now = 5000;
const groups = loadConfig("config/gateway.yaml").approverGroups;
const whyNot = (who: Principal, row: Approval, asked = groups) =>
  whyNotDecide(who, row, { engine, groups: asked, now });

describe("who may decide", () => {
  test("a person whom policy permits", () => {
    expect(whyNot(approver, approval())).toBeNull();
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
    [
      "whoever started the job, also where a space was left",
      approver,
      approval({ requester: startedBy("approver-one ") }),
      /you started/,
    ],
    ["a person who has decided", approver, approval({ decisions: [decisionOf("approver-one")] }), /decided already/],
    ["a person of no group", person("passer-by"), approval(), /no policy permits/],
    ["anybody after the deadline", approver, approval({ deadline: now }), /EXPIRED/],
    ["anybody once it is decided", approver, approval({ status: "DENIED" }), /DENIED/],
    ["whoever broke the glass, on its review", own, approval({ kind: "review" }), /somebody else must look/],
    ["whoever wants to see an original, on that", own, approval({ kind: "reveal" }), /somebody else must agree/],
    [
      "a person whom policy permits only one of the tools that are asked for",
      { ...approver, groups: ["one-tool"] },
      approval({ kind: "access", access: { tools: ["a", "b"], minutes: 5, constraint: [], reason: "r" } }),
      /no policy permits/,
    ],
  ])("not %s", (_, who, row, why) => {
    expect(whyNot(who, row)?.message).toMatch(why);
  });

  test.each([
    ["decided", approval({ status: "DENIED" }), "approval_decided"],
    ["expired", approval({ deadline: now }), "approval_expired"],
    ["one's own", approval({ requester: approver }), "forbidden"],
  ])("what is %s is refused under a code of its own", (_, row, code) => {
    expect(whyNot(approver, row)?.code).toBe(code);
  });

  test("where a group asks for a second factor, only with one of its values, in amr or as acr", () => {
    const strict = groups.map((group) => ({ ...group, secondFactor: ["mfa", "urn:strong"] }));
    expect(whyNot(approver, approval(), strict)?.message).toMatch(/second factor/);
    expect(whyNot({ ...approver, amr: ["pwd"] }, approval(), strict)).not.toBeNull();
    expect(whyNot({ ...approver, amr: ["pwd", "mfa"] }, approval(), strict)).toBeNull();
    expect(whyNot({ ...approver, acr: "urn:strong" }, approval(), strict)).toBeNull();
  });

  test("after an escalation the demands of both groups hold", () => {
    const strict = groups.map((group) => ({
      ...group,
      reasonRequired: group.name === "security",
      secondFactor: group.name === "security" ? ["mfa"] : null,
    }));
    const escalated = approval({ escalatedTo: "security" });
    expect(whyNot(approver, approval(), strict)).toBeNull();
    expect(whyNot(approver, escalated, strict)).not.toBeNull();
    expect([reasonRequired(approval(), strict), reasonRequired(escalated, strict)]).toEqual([false, true]);
  });

  test("what is masked over a risk can be approved only by who opened it, and denied by all", () => {
    const masked = approval({ revealNeeded: true, revealedTo: ["approver-two@example.com"] });
    expect(whyNot(approver, masked)).toBeNull();
    expect(whyNotApprove(approver, masked)?.code).toBe("reveal_needed");
    expect(whyNotApprove(person("approver-two"), masked)).toBeNull();
  });
});

test("an approval is seen by its requester and by those who may decide, and by nobody else", () => {
  expect(maySee(person("developer"), approval(), engine)).toBe(true);
  expect(maySee(approver, approval(), engine)).toBe(true);
  expect(maySee(person("auditor", ["auditors"]), approval(), engine)).toBe(false);
});

test("a pending call, or an approved one that did not begin, can be taken back by its requester or an approver; a review never", () => {
  const rows: [Partial<Approval>, boolean][] = [
    [{}, true],
    [{ status: "APPROVED", until: 9000 }, true],
    [{ status: "APPROVED", until: now }, false],
    [{ status: "EXECUTING", until: 9000 }, false],
    [{ kind: "review" }, false],
    [{ kind: "reveal", status: "APPROVED", until: 9000 }, true],
    [{ kind: "reveal", status: "EXECUTING", until: 9000 }, false],
  ];
  for (const [change, may] of rows) expect(isWithdrawable(approval(change), now), JSON.stringify(change)).toBe(may);
  const by = (who: Principal) => mayWithdraw(who, approval(), engine, now);
  expect([by(person("developer")), by(approver), by(person("passer-by"))]).toEqual([true, true, false]);
});

describe("what a decision makes of it", () => {
  const unstarted = { ...person("job"), kind: "workload" as const, person: null, initiator: null };
  test.each<[string, number, ApprovalDecision[], ApprovalDecision, string, Principal?]>([
    ["one of one approves", 1, [], decisionOf("a"), "APPROVED"],
    ["one of two waits", 2, [], decisionOf("a"), "PENDING"],
    ["two people of two approve", 2, [decisionOf("a")], decisionOf("b"), "APPROVED"],
    ["the same person twice is one", 2, [decisionOf("a")], decisionOf("a"), "PENDING"],
    ["a workload that nobody is known to have started needs two", 1, [], decisionOf("a"), "PENDING", unstarted],
    ["and two are enough", 1, [decisionOf("a")], decisionOf("b"), "APPROVED", unstarted],
    ["any denial denies", 2, [decisionOf("a")], decisionOf("b", "deny"), "DENIED"],
  ])("%s", (_, quorum, decisions, decision, status, requester = person("developer")) => {
    expect(statusAfter(approval({ quorum, decisions, requester }), decision)).toBe(status);
  });

  test("a group that is asked later changes nothing in how many policy asks for", () => {
    const made = (change: Partial<Approval>) =>
      statusAfter(approval({ escalatedTo: "security", ...change }), decisionOf("a"));
    expect([made({ quorum: 1 }), made({ quorum: 2 })]).toEqual(["APPROVED", "PENDING"]);
  });
});
