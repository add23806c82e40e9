import fc from "fast-check";
import { expect, test } from "vitest";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { type CallFacts, question } from "../../../lambdas/domain/policy/question.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { person } from "../../support/samples.ts";

const { schema } = loadPolicies("config/policies", ["platform", "security"]);

/** Each looks at one fact, so that an answer that is remembered across that fact is a wrong one. */
const conditions = [
  "context.time.hour >= 12",
  "context.time.weekday == 2",
  'context.network.ip.isInRange(ip("10.0.0.0/8"))',
  'context.network.userAgent like "agent*"',
  'context.session.id == "s1"',
  'context.session.kind == "sealed"',
  'context.token.scopes.contains("mcp")',
  "context.token has authTime && context.token.authTime > 10",
  'context.claims.hasTag("repository") && context.claims.getTag("repository") == "acme/payments"',
  'context.arguments.hasTag("/env") && context.arguments.getTag("/env") == "dev"',
  'context.risks.contains("destructive")',
  'context.method == "tools/call"',
  'principal.client == "agent"',
  'principal has person && principal.person == "dana@example.com"',
  'principal in Group::"developers"',
  'resource.server == "ops"',
];

const asked = fc.record({
  who: fc
    .record({
      id: fc.constantFrom("dana", "rae", "__proto__", '"}], "a'),
      groups: fc.subarray(["developers", "readers", "toString"]),
      client: fc.constantFrom("agent", "other"),
      claims: fc.constantFrom({}, { repository: "acme/payments" }, { repository: "acme/other" }),
      scopes: fc.subarray(["mcp"]),
      authTime: fc.constantFrom(null, 5, 50),
      person: fc.constantFrom(null, "dana@example.com"),
    })
    .map(({ id, groups, ...rest }): Principal => ({ ...person(id, groups), ...rest }) as Principal),
  action: fc.constantFrom("call" as const, "discover" as const, "callWithApproval" as const),
  subject: fc.constantFrom(
    { kind: "tool" as const, server: "ops", name: "echo" },
    { kind: "tool" as const, server: "files", name: "echo" },
    { kind: "tool" as const, server: "ops", name: "__proto__" },
    { kind: "prompt" as const, server: "ops", name: "echo" },
    { kind: "server" as const, server: "ops" },
  ),
  facts: fc.record({
    method: fc.constantFrom("tools/call", "prompts/get"),
    risks: fc.subarray(["destructive", "iam-change"]),
    arguments: fc.constantFrom(undefined, {}, { env: "dev" }, { env: "prod" }, { other: 1 }),
    // A Monday morning, a Tuesday afternoon.
    at: fc.constantFrom(1_767_600_000_000, 1_767_708_000_000),
    source: fc.constantFrom(
      undefined,
      { ip: "10.1.2.3", userAgent: "agent/1" },
      { ip: "192.0.2.1", userAgent: "b" },
      { ip: "none", userAgent: "agent/1" },
    ),
    session: fc.constantFrom(
      undefined,
      { id: "s1", era: "legacy" as const, kind: "sealed" as const },
      { id: "s2", era: "modern" as const, kind: "stateless" as const },
    ),
  }),
});

test("an engine that has answered anything before answers as a fresh one does", () => {
  let run = 0;
  const chosen = fc.array(fc.tuple(fc.constantFrom("permit", "forbid"), fc.constantFrom(...conditions)), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(chosen, fc.array(asked, { minLength: 2, maxLength: 10 }), (rules, sequence) => {
      const policies = rules.map(([effect, condition], at) => ({
        id: `p${at}`,
        text: `@id("p${at}") ${effect} (principal, action in [Action::"call", Action::"callWithApproval", Action::"discover"], resource) when { ${condition} };`,
        annotations: {},
      }));
      run += 1;
      const old = policyEngine({ schema, policies, digest: `memo:${run}` });
      const answers = sequence.map(({ who, action, subject, facts }) => {
        const put = question(who, action, subject, facts as CallFacts);
        const fresh = policyEngine({ schema, policies, digest: `memo:${run}` }).ask(put);
        return { put, fresh };
      });
      // Asked twice: the second time from memory.
      for (const { put, fresh } of [...answers, ...answers]) expect(old.ask(put)).toEqual(fresh);
    }),
    { numRuns: 25 },
  );
});
