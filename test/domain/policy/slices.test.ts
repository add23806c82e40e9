import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cedarCall } from "../../../lambdas/domain/policy/cedar-call.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { type CallFacts, question } from "../../../lambdas/domain/policy/question.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { person } from "../../support/samples.ts";

const { schema } = loadPolicies("config/policies", ["platform", "security"]);

const action = (name: string) => `Action::"${name}"`;
const scopes = {
  principal: [
    "principal",
    'principal == User::"company|dana"',
    'principal in Group::"developers"',
    "principal is Workload",
    'principal is User in Group::"readers"',
  ],
  action: [
    "action",
    `action == ${action("call")}`,
    `action in ${action("call")}`,
    `action in [${action("call")}, ${action("read")}]`,
    `action == ${action("discover")}`,
  ],
  resource: [
    "resource",
    'resource == Tool::"ops/echo"',
    'resource in Server::"ops"',
    "resource is Tool",
    'resource is Tool in Server::"files"',
    "resource is Resource",
  ],
};
/** Conditions that hold, that do not, and that fail: what cannot match must not fail either. */
const conditions = [
  ...[
    "true",
    "context.risks.isEmpty()",
    'context.risks.contains("destructive")',
    'context.risks.containsAny(["destructive", "iam-change"])',
  ],
  ...[
    'context.risks.contains("destructive") && context.arguments.getTag("/absent") == "x"',
    'context.arguments.getTag("/env") == "dev"',
  ],
  ...['principal.client == "agent"', "context.time.hour >= 12", 'context.network.ip.isInRange(ip("10.0.0.0/8"))'],
  ...[
    "9223372036854775807 + context.time.hour > 0",
    'context.session.kind == "sealed"',
    'context.claims.hasTag("repository")',
  ],
  ...[
    "context.arguments.hasTag(context.method)",
    '!context.risks.contains("destructive")',
    'context.token.scopes.contains("mcp")',
  ],
];
const policy = fc
  .record({
    effect: fc.constantFrom("permit", "forbid"),
    principal: fc.constantFrom(...scopes.principal),
    action: fc.constantFrom(...scopes.action),
    resource: fc.constantFrom(...scopes.resource),
    kind: fc.constantFrom("when", "unless"),
    condition: fc.constantFrom(...conditions),
    and: fc.constantFrom(...conditions),
  })
  .map(
    (it) =>
      `${it.effect} (${it.principal}, ${it.action}, ${it.resource}) ${it.kind} { (${it.condition}) && (${it.and}) };`,
  );

const asked = fc.record({
  who: fc.constantFrom(
    person("dana", ["developers"]),
    { ...person("rae", ["readers", "developers"]), scopes: ["mcp"] },
    { ...person("build"), kind: "workload" as const, claims: { repository: "acme/payments" } },
  ),
  action: fc.constantFrom("call" as const, "read" as const, "discover" as const, "callWithApproval" as const),
  subject: fc.constantFrom(
    { kind: "tool" as const, server: "ops", name: "echo" },
    { kind: "tool" as const, server: "files", name: "echo" },
    { kind: "resource" as const, server: "ops", uri: "file:///a" },
    { kind: "server" as const, server: "ops" },
  ),
  facts: fc.record({
    method: fc.constant("tools/call"),
    risks: fc.subarray(["destructive", "iam-change"]),
    arguments: fc.constantFrom(undefined, {}, { env: "dev" }, { env: "prod" }),
    at: fc.constantFrom(0, 46_800_000),
    source: fc.constantFrom({ ip: "10.1.2.3", userAgent: "a" }, { ip: "192.0.2.1", userAgent: "b" }),
    session: fc.constant({ id: "s", era: "legacy" as const, kind: "sealed" as const }),
  }),
});

test("a question to the policies that can matter is answered as one to all of them, failures included", () => {
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 1, maxLength: 8 }),
      fc.array(asked, { minLength: 1, maxLength: 6 }),
      (texts, questions) => {
        run += 1;
        const policies = texts.map((text, at) => ({ id: `p${at}`, text: `@id("p${at}") ${text}`, annotations: {} }));
        const engine = policyEngine({ schema, policies, digest: `slices:${run}` });
        for (const { who, action: name, subject, facts } of questions) {
          const put = question(who, name, subject, facts as CallFacts);
          expect(engine.ask(put)).toEqual(wholeAnswer(put, policies));
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** Cedar's own answer, with every fact, the whole schema and every policy. */
function wholeAnswer(put: ReturnType<typeof question>, policies: readonly { id: string; text: string }[]) {
  const everything = { context: "all", tags: "all", attributes: ALL_NAMES } as const;
  const call = cedarCall(put, { asked: everything, schema: "", policies: "" });
  const answer = isAuthorized({
    principal: call.principal,
    action: call.action,
    resource: call.resource,
    context: call.context,
    entities: call.entities,
    schema,
    validateRequest: true,
    policies: { staticPolicies: Object.fromEntries(policies.map(({ id, text }) => [id, text])) },
  });
  if (answer.type === "failure")
    return {
      allowed: false,
      determining: [],
      errors: answer.errors.map((e) => ({ policy: null, message: e.message })),
    };
  const { decision, diagnostics } = answer.response;
  return {
    allowed: decision === "allow",
    determining: [...diagnostics.reason].sort(),
    errors: expect.toSatisfy(
      (errors: { policy: string | null }[]) =>
        errors
          .map((e) => e.policy)
          .sort()
          .join() ===
        diagnostics.errors
          .map((e) => e.policyId)
          .sort()
          .join(),
    ),
  };
}

const ALL_NAMES: ReadonlySet<string> = new Set([
  "id",
  "issuer",
  "subject",
  "client",
  "person",
  "initiator",
  "name",
  "server",
  "uri",
]);
