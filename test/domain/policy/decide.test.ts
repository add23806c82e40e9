import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { principalOfClaims } from "../../../lambdas/domain/identity/principal-of-claims.ts";
import { decide, mayDiscover } from "../../../lambdas/domain/policy/decide.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { question, type Subject } from "../../../lambdas/domain/policy/question.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import { loadPolicies, type PolicyBundle } from "../../../lib/config/policies.ts";

const FOLDER = fileURLToPath(new URL("../../../config/policies", import.meta.url));
const starter = loadPolicies(FOLDER, ["platform"]);
const engine = policyEngine(starter);

const principal = (kind: Principal["kind"], groups: readonly string[]): Principal => ({
  kind,
  id: "company|u1",
  issuer: "https://login.example.com",
  subject: "u1",
  client: "cli",
  name: "U One",
  groups,
  person: null,
  initiator: null,
  signIn: "s1",
  jti: null,
  authTime: null,
  acr: null,
  amr: [],
  delegation: [],
});
const developer = principal("user", ["developers"]);
const nobody = principal("user", []);
/** The job that the starter set names, with the token that GitHub gives it, as the shipped configuration reads it. */
const job = ((): Principal => {
  const { identity, groups } = loadConfig(fileURLToPath(new URL("../../../config/gateway.yaml", import.meta.url)));
  const issuer = identity.issuers.find(({ name }) => name === "github");
  if (issuer === undefined) throw new Error("the shipped configuration has no issuer github");
  const claims = {
    sub: "repo:acme/payments:ref:refs/heads/main",
    repository: "acme/payments",
    ref: "refs/heads/main",
    workflow: "Deploy",
    run_id: "9911",
    check_run_id: "55001",
    job_workflow_ref: "acme/payments/.github/workflows/deploy.yml@refs/heads/main",
  };
  return principalOfClaims(claims, issuer, groups);
})();
const posing: Principal = { ...job, issuer: "https://github.example.com" };
const tool = (name: string, server = "ops"): Subject => ({ kind: "tool", server, name });
const facts = (risks: readonly string[], args: unknown = {}) => ({
  method: "tools/call",
  risks,
  arguments: args,
  at: 0,
});

/** An engine with these policies under the product's schema. */
const engineOf = (...policies: readonly [id: string, text: string][]) => {
  const bundle: PolicyBundle = {
    schema: starter.schema,
    policies: policies.map(([id, text]) => ({ id, text: `@id("${id}") ${text}`, annotations: { id } })),
    digest: `test:${JSON.stringify(policies)}`,
  };
  return policyEngine(bundle);
};

describe("the starter set", () => {
  test.each([
    ["a developer calls what is free of risk", developer, tool("echo"), [], "allow", ["developers-call-low-risk"]],
    [
      "a developer who changes access needs approval",
      developer,
      tool("grant"),
      ["iam-change"],
      "approve",
      ["risky-needs-approval"],
    ],
    [
      "a developer who sends data out needs approval",
      developer,
      tool("put"),
      ["external-write"],
      "approve",
      ["risky-needs-approval"],
    ],
    ["nothing destructive runs", developer, tool("drop"), ["destructive"], "deny", ["never-destructive"]],
    [
      "a destructive change of access is not even asked for",
      developer,
      tool("drop"),
      ["iam-change", "destructive"],
      "deny",
      ["never-destructive"],
    ],
    ["an unknown risk is denied", developer, tool("x"), ["novel"], "deny", []],
    ["a person without a group calls nothing", nobody, tool("echo"), [], "deny", []],
    ["a person without a group asks for nothing", nobody, tool("grant"), ["iam-change"], "deny", []],
    ["a named job calls its tool", job, tool("deploy"), [], "allow", ["payments-deploys"]],
    ["a job with its claims at another issuer calls nothing", posing, tool("deploy"), [], "deny", []],
    ["a named job calls no other tool", job, tool("echo"), [], "deny", []],
    ["a named job calls nothing elsewhere", job, tool("deploy", "everything"), [], "deny", []],
    ["a named job asks for nothing", job, tool("deploy"), ["iam-change"], "deny", []],
  ] as const)("%s", (_, who, subject, risks, kind, policies) => {
    expect(decide(who, subject, facts(risks), engine)).toMatchObject({ kind, policies });
  });

  test("each job is a principal of its own, and the same to the policies", () => {
    expect(job.id).toBe("github|acme/payments:Deploy:9911:55001");
    const next = { ...job, id: "github|acme/payments:Deploy:9912:55002" };
    expect(decide(next, tool("deploy"), facts([]), engine).kind).toBe("allow");
  });

  test("a workload whose token lists groups gets nothing by them", () => {
    const inGroups = principal("workload", [
      "developers",
      "readers",
      "approvers",
      "auditors",
      "administrators",
      "oncall",
    ]);
    const server: Subject = { kind: "server", server: "ops" };
    const resource: Subject = { kind: "resource", server: "ops", uri: "file:///a" };
    for (const subject of [server, resource, tool("echo")])
      expect(mayDiscover(inGroups, subject, engine, { at: 0 })).toBe(false);
    for (const subject of [resource, tool("echo")])
      for (const risks of [[], ["iam-change"]])
        expect(decide(inGroups, subject, facts(risks), engine)).toMatchObject({ kind: "deny", policies: [] });
    for (const risks of [[], ["iam-change"]])
      expect(engine.ask(question(inGroups, "breakGlass", tool("echo"), facts(risks)))).toMatchObject({
        allowed: false,
        errors: [],
      });
    expect(engine.ask(question(inGroups, "administer", tool("echo")))).toMatchObject({ allowed: false, errors: [] });
  });

  test("an approval is asked of the group that the policy names", () => {
    expect(decide(developer, tool("grant"), facts(["iam-change"]), engine)).toMatchObject({ group: "platform" });
  });

  test("a resource is read, never approved", () => {
    const subject: Subject = { kind: "resource", server: "ops", uri: "file:///a" };
    expect(decide(developer, subject, facts([]), engine).kind).toBe("allow");
    expect(decide(developer, subject, facts(["iam-change"]), engine).kind).toBe("deny");
    expect(decide(nobody, subject, facts([]), engine).kind).toBe("deny");
  });

  test.each([
    ["a harmless tool is listed", developer, tool("echo"), true],
    ["a wiping tool is not listed", developer, tool("delete_everything"), false],
    ["its variants are not listed", developer, tool("delete_everything_now"), false],
    ["nothing is listed for a person without a group", nobody, tool("echo"), false],
    [
      "a prompt of that name wipes nothing",
      developer,
      { kind: "prompt", server: "ops", name: "delete_everything" },
      true,
    ],
    ["the server itself is open to a developer", developer, { kind: "server", server: "ops" }, true],
  ] as const)("%s", (_, who, subject, seen) => {
    expect(mayDiscover(who, subject, engine, { at: 0 })).toBe(seen);
  });

  test("whatever the arguments, a destructive call is denied and a harmless one allowed", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (args) => {
        expect(decide(developer, tool("x"), facts(["destructive"], args), engine).kind).toBe("deny");
        expect(decide(developer, tool("x"), facts([], args), engine).kind).toBe("allow");
      }),
      { numRuns: 50 },
    );
  });
});

describe("decide fails closed", () => {
  test("a forbid that cannot be evaluated denies, where Cedar would skip it", () => {
    const broken = engineOf(
      ["all", "permit (principal, action, resource);"],
      [
        "big",
        'forbid (principal, action == Action::"call", resource) when { 9223372036854775807 + context.risks.isEmpty() > 0 };',
      ],
    );
    expect(decide(developer, tool("x"), facts([]), broken)).toMatchObject({
      kind: "deny",
      reason: expect.stringContaining("could not be evaluated"),
    });
  });

  test("a permit with approval that names nobody denies", () => {
    const silent = engineOf(["later", 'permit (principal, action == Action::"callWithApproval", resource);']);
    expect(decide(developer, tool("x"), facts([]), silent)).toMatchObject({
      kind: "deny",
      reason: "the policy asks for approval but names no approvers",
    });
  });

  test("a policy that asks for a tag that is not there denies", () => {
    const asks = engineOf(
      ["all", "permit (principal, action, resource);"],
      [
        "tag",
        'forbid (principal, action == Action::"call", resource) when { context.arguments.getTag("/path") == "x" };',
      ],
    );
    expect(decide(developer, tool("x"), facts([], {}), asks).kind).toBe("deny");
    expect(decide(developer, tool("x"), facts([], { path: "y" }), asks).kind).toBe("allow");
    expect(decide(developer, tool("x"), facts([], { path: "x" }), asks)).toMatchObject({ policies: ["tag"] });
  });

  test("a method that names no tool of a server asks whether the server may be seen", () => {
    expect(
      decide(developer, { kind: "server", server: "ops" }, { ...facts([]), method: "tools/list" }, engine).kind,
    ).toBe("allow");
    expect(decide(nobody, { kind: "server", server: "ops" }, { ...facts([]), method: "tools/list" }, engine).kind).toBe(
      "deny",
    );
  });
});

describe("arguments that look like Cedar", () => {
  const admins = engineOf(
    ["all", "permit (principal, action, resource);"],
    [
      "no",
      'forbid (principal, action == Action::"call", resource) when { context.arguments.hasTag("/who/__entity/type") && context.arguments.getTag("/who/__entity/type") == "User" };',
    ],
  );

  test.each([
    [{ who: { __entity: { type: "User", id: "root" } } }],
    [{ who: { __entity: { type: "User", id: "root" }, __extn: { fn: "ip", arg: "10.0.0.1" } } }],
  ])("are only text: %j", (args) => {
    expect(decide(developer, tool("x"), facts([], args), admins)).toMatchObject({ kind: "deny", policies: ["no"] });
  });

  test.each([
    [{ __extn: { fn: "ip", arg: "not an ip" } }],
    [{ __entity: 7 }],
    [{ __entity: { type: "No such", id: "" } }],
  ])("break nothing: %j", (args) => {
    expect(decide(developer, tool("x"), facts([], args), engine).kind).toBe("allow");
  });
});

describe("arguments as policies see them", () => {
  const permitting = (condition: string) =>
    engineOf(["a", `permit (principal, action == Action::"call", resource) when { ${condition} };`]);
  const decided = (condition: string, args: unknown) =>
    decide(developer, tool("pay"), facts([], args), permitting(condition)).kind;

  test.each([
    ["-0", "0"],
    ["-0.0", "0"],
    ["0.50", "0.5"],
    ["1e3", "1000"],
    ["1e21", "1e+21"],
  ])("the number %s is the text %s", (written, tag) => {
    const args = JSON.parse(`{"amount":${written}}`);
    expect(decided(`context.arguments.getTag("/amount") == "${tag}"`, args)).toBe("allow");
    expect(decided(`context.arguments.getTag("/amount") == "${tag}1"`, args)).toBe("deny");
  });

  test("a text of 4 MB is compared whole", () => {
    const text = "x".repeat(4_194_304);
    const ends = 'context.arguments.getTag("/text") like "x*y"';
    expect(decided(ends, { text: `${text}y` })).toBe("allow");
    expect(decided(ends, { text })).toBe("deny");
  });
});
