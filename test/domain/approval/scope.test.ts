import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval, ApprovalDecision, ApprovalScope } from "../../../lambdas/domain/approval/approval.ts";
import { argumentsDigest } from "../../../lambdas/domain/approval/grant.ts";
import { grantOf } from "../../../lambdas/domain/approval/grant-of.ts";
import {
  LONGEST_SESSION,
  offeredScopes,
  reachOf,
  scopeOf,
  whyNotScope,
} from "../../../lambdas/domain/approval/scope.ts";
import { approval, decisionOf } from "../../support/samples.ts";

const call: ApprovalScope = { kind: "call" };
const session: ApprovalScope = { kind: "session" };
const minutes = (
  many: number,
  args: "same" | "any" = "any",
  ...constraint: { pointer: string; prefix: string }[]
): ApprovalScope => ({ kind: "minutes", minutes: many, arguments: args, constraint });
const saying = (name: string, scope: ApprovalScope): ApprovalDecision => ({ ...decisionOf(name), scope });
const [role, user] = [
  { pointer: "/name", prefix: "role-" },
  { pointer: "/path", prefix: "/teams/" },
];

describe("how far a quorum's yes reaches", () => {
  test.each<[string, ApprovalScope[], object | null]>([
    ["the call alone, where nobody says more", [call], null],
    ["the call alone, as soon as one says so", [minutes(60), call], null],
    ["a session, for twelve hours at most", [session], { minutes: LONGEST_SESSION, session: true, arguments: "any" }],
    ["the shorter time", [minutes(60), minutes(10), minutes(30)], { minutes: 10, session: false }],
    ["a session and minutes: both limits", [session, minutes(10)], { minutes: 10, session: true }],
    ["these arguments, where one says so", [minutes(60, "any"), minutes(60, "same")], { arguments: "same" }],
    ["inside every constraint", [minutes(9, "any", role), minutes(9, "any", user, role)], { constraint: [role, user] }],
  ])("is %s", (_, scopes, reach) => {
    const reached = scopeOf(scopes.map((scope, at) => saying(`p${at}`, scope)));
    if (reach === null) expect(reached).toBeNull();
    else expect(reached).toMatchObject(reach);
  });

  test("is never further than that of anybody who approved, whatever the order", () => {
    const scopes = fc.oneof(
      fc.constant(call),
      fc.constant(session),
      fc
        .tuple(fc.integer({ min: 1, max: 2000 }), fc.constantFrom("same" as const, "any" as const), fc.boolean())
        .map(([many, args, limited]) => minutes(many, args, ...(limited ? [role] : []))),
    );
    fc.assert(
      fc.property(fc.array(scopes, { minLength: 1, maxLength: 5 }), (said) => {
        const reach = scopeOf(said.map((scope, at) => saying(`p${at}`, scope)));
        const turned = scopeOf(said.toReversed().map((scope, at) => saying(`p${at}`, scope)));
        expect(turned === null).toBe(reach === null);
        for (const one of said.map(reachOf)) {
          if (one === null) expect(reach).toBeNull();
          if (one === null || reach === null) continue;
          expect(reach.minutes).toBeLessThanOrEqual(one.minutes);
          expect(reach.session).toBe(reach.session || one.session);
          if (one.arguments === "same") expect(reach.arguments).toBe("same");
          for (const limit of one.constraint) expect(reach.constraint).toContainEqual(limit);
        }
      }),
    );
  });

  test("who denied has no say in it", () => {
    expect(scopeOf([saying("a", minutes(5)), { ...saying("b", call), verdict: "deny" }])).toMatchObject({ minutes: 5 });
  });
});

describe("what policy allows an answer to reach", () => {
  const row = approval({ scopes: { session: true, maxMinutes: 60 }, argumentsDigest: "d" });
  const access = approval({
    kind: "access",
    scopes: { session: false, maxMinutes: 30 },
    access: { tools: ["a"], minutes: 30, constraint: [], reason: "r" },
  });
  test.each([
    ["the call, always", approval(), call, null],
    ["no session where policy gives none", approval(), session, /allows here: this call$/],
    ["no minutes where policy gives none", approval(), minutes(1), /allows here: this call$/],
    ["up to the longest time", row, minutes(60, "same"), null],
    ["no minute more, and says what is allowed", row, minutes(61), /this call; or this session; or up to 60 minutes/],
    [
      "these arguments only where they can be told again",
      approval({ scopes: row.scopes }),
      minutes(5, "same"),
      /cannot be told/,
    ],
    ["tools only", { ...row, method: "prompts/get" }, minutes(5), /only calls of tools/],
    ["access as it was asked for, or shorter", access, minutes(10), null],
    ["access no longer than asked for", access, minutes(31), /up to 30 minutes/],
    ["nothing beyond a review", { ...row, kind: "review" as const }, session, /acknowledge/],
    ["nothing beyond one reveal", { ...row, kind: "reveal" as const }, minutes(5), /this reveal, once/],
  ])("%s", (_, about, scope, why) => {
    const said = whyNotScope(scope, about);
    if (why === null) expect(said).toBeNull();
    else expect(said).toMatch(why);
  });
});

describe("what a page offers", () => {
  const scopes = { session: true, maxMinutes: 60 };
  const access = { tools: ["a"], minutes: 60, constraint: [], reason: "r" };
  test.each<[string, Partial<Approval>, Approval["scopes"]]>([
    ["for a call of a tool is what policy allows", { scopes }, scopes],
    ["is the call alone where policy allows no more", {}, { session: false, maxMinutes: null }],
    [
      "for access is its minutes",
      { kind: "access", access, scopes: { session: false, maxMinutes: 60 } },
      { session: false, maxMinutes: 60 },
    ],
    [
      "for any other method is the call alone",
      { scopes, method: "resources/read" },
      { session: false, maxMinutes: null },
    ],
    ["for a review is nothing beyond it", { scopes, kind: "review" }, { session: false, maxMinutes: null }],
  ])("%s", (_, change, offered) => {
    expect(offeredScopes(approval(change))).toEqual(offered);
  });
});

describe("the grant of an approved row", () => {
  const approved = (scope: ApprovalScope, change = {}) =>
    approval({ status: "APPROVED", decidedAt: 2000, decisions: [saying("a", scope)], ...change });

  test("is none for the call alone, for a row that is not approved, for a review, and for a reveal", () => {
    expect(grantOf(approved(call), 3000)).toBeNull();
    expect(grantOf(approved(minutes(5), { status: "DENIED" }), 3000)).toBeNull();
    expect(grantOf(approved(minutes(5), { kind: "review" }), 3000)).toBeNull();
    expect(grantOf(approved(minutes(5), { kind: "reveal" }), 3000)).toBeNull();
  });

  test("is for the same client, server, tool and risks, until its minutes are over", () => {
    expect(grantOf(approved(minutes(5)), 3000)).toMatchObject({
      id: approval().id,
      approval: approval().id,
      principal: "company|developer",
      client: "agent",
      server: "ops",
      tools: ["create_role"],
      group: "platform",
      risks: ["iam-change"],
      argumentsDigest: null,
      session: null,
      createdAt: 2000,
      endsAt: 2000 + 5 * 60_000,
      approvedBy: ["a"],
      reason: "because",
      status: "ACTIVE",
    });
  });

  test("is the same whenever it is made", () => {
    expect(grantOf(approved(minutes(5)), 3000)).toEqual(grantOf(approved(minutes(5)), 9_000_000));
  });

  test("for a session ends with it, after twelve hours at the latest", () => {
    expect(grantOf(approved(session), 3000)).toMatchObject({ session: "session-1", endsAt: 2000 + 12 * 3_600_000 });
  });

  test("for the same arguments knows them by their hash", () => {
    const hash = argumentsDigest({ name: "r" });
    expect(grantOf(approved(minutes(5, "same"), { argumentsDigest: hash }), 3000)?.argumentsDigest).toBe(hash);
    expect(grantOf(approved(minutes(5, "same")), 3000)?.argumentsDigest, "covers nothing").toBe("");
  });

  test("for access is what was asked for, less what an approver took away, for any client of the principal", () => {
    const access = { tools: ["a", "b"], minutes: 60, constraint: [role], reason: "deploying" };
    const asked = { kind: "access", access, decisions: [saying("a", call), saying("b", minutes(10, "any", user))] };
    expect(grantOf(approved(call, asked), 3000)).toMatchObject({
      client: null,
      tools: ["a", "b"],
      endsAt: 2000 + 10 * 60_000,
      constraint: [role, user],
      approvedBy: ["a", "b"],
    });
    expect(grantOf(approved(call, { ...asked, decisions: [decisionOf("a")] }), 3000)?.endsAt).toBe(2000 + 3_600_000);
  });
});
