import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { decide } from "../../../lambdas/domain/policy/decide.ts";
import { engineAt, policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { type CallFacts, question, type Subject } from "../../../lambdas/domain/policy/question.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";
import { person } from "../../support/samples.ts";

const { schema } = loadPolicies("config/policies", ["platform", "security"]);
let engines = 0;
const engineOf = (...texts: readonly string[]) => {
  engines += 1;
  const policies = texts.map((text, at) => ({ id: `p${at}`, text: `@id("p${at}") ${text}`, annotations: {} }));
  return policyEngine({ schema, policies, digest: `facts:${engines}` });
};
const when = (condition: string) => engineOf(`permit (principal, action, resource is Tool) when { ${condition} };`);
const TOOL: Subject = { kind: "tool", server: "ops", name: "echo" };
const facts: CallFacts = {
  method: "tools/call",
  risks: [],
  arguments: {},
  at: 0,
  source: { ip: "10.1.2.3", userAgent: "agent/1" },
  session: { id: "s1", era: "legacy", kind: "sealed" },
};
const who: Principal = {
  ...person("dana", ["developers"]),
  authTime: 100,
  acr: "aal2",
  amr: ["pwd", "otp"],
  scopes: ["mcp"],
  claims: { repository: "acme/payments" },
};
const kind = (engine: ReturnType<typeof engineOf>, more: Partial<CallFacts> = {}, as = who, subject = TOOL) =>
  decide(as, subject, { ...facts, ...more }, engine).kind;

describe("policies look at", () => {
  test.each([
    ["the network", 'context.network.ip.isInRange(ip("10.0.0.0/8")) && context.network.userAgent like "agent/*"'],
    [
      "the session",
      'context.session.id == "s1" && context.session.era == "legacy" && context.session.kind == "sealed"',
    ],
    [
      "the token",
      'context.token has authTime && context.token.authTime == 100 && context.token.scopes.contains("mcp")',
    ],
    ["the second factor", 'context.token has acr && context.token.acr == "aal2" && context.token.amr.contains("otp")'],
    ["claims", 'context.claims.hasTag("repository") && context.claims.getTag("repository") == "acme/payments"'],
    ["the person", 'principal is User && principal has person && principal.person == "dana@example.com"'],
    ["the id", 'principal.id == "company|dana"'],
  ])("%s", (_, condition) => {
    expect(kind(when(condition))).toBe("allow");
    expect(kind(when(`!(${condition})`))).toBe("deny");
  });

  test("what a token does not say as something that is not there", () => {
    const plain: Principal = { ...person("dana"), authTime: null };
    const none = when(
      '!(context.token has authTime) && !(context.token has acr) && !context.claims.hasTag("repository")',
    );
    expect(kind(none, {}, plain)).toBe("allow");
    expect(kind(none)).toBe("deny");
  });
});

describe("a fact that is not known denies where a policy looks at it", () => {
  const forbids = () =>
    engineOf(
      "permit (principal, action, resource);",
      'forbid (principal, action == Action::"call", resource) when { context.network.ip.isInRange(ip("192.0.2.0/24")) };',
    );
  test.each([["not an address"], ["10.0.0.0/8"], ["fe80::1%eth0"], [""], ['10.0.0.1"),ip("']])(
    "the address %j",
    (ip) => {
      expect(kind(forbids(), { source: { ip, userAgent: "" } })).toBe("deny");
      expect(kind(when("true"), { source: { ip, userAgent: "" } })).toBe("allow");
    },
  );
  test("and an address that is known decides", () => {
    expect(kind(forbids())).toBe("allow");
    expect(kind(forbids(), { source: { ip: "::ffff:192.0.2.9", userAgent: "" } })).toBe("deny");
  });
  test("a session that there is none of", () => {
    const { session: _, ...without } = facts;
    const engine = engineOf(
      "permit (principal, action, resource);",
      'forbid (principal, action, resource) when { context.session.kind == "opened" };',
    );
    expect(decide(who, TOOL, without, engine)).toMatchObject({
      kind: "deny",
      reason: "the policies do not admit this request",
    });
  });
});

describe("people at the console", () => {
  const approval: Subject = {
    ...{ kind: "approval", id: "a", groups: ["platform"], server: "ops", tool: "echo" },
    ...{ requester: "company|sam", risks: [], about: "call" },
  };
  const office = engineOf(
    'permit (principal, action == Action::"approve", resource) when { context.network.ip.isInRange(ip("10.0.0.0/8")) };',
  );
  test("are asked about with where they are", () => {
    const from = (ip: string) =>
      engineAt(office, { at: 0, source: { ip, userAgent: "" } }).ask(question(who, "approve", approval));
    expect(from("10.1.1.1").allowed).toBe(true);
    expect(from("192.0.2.1").allowed).toBe(false);
    expect(office.ask(question(who, "approve", approval))).toMatchObject({
      allowed: false,
      errors: [{ policy: null }],
    });
  });
});

describe("the engine fails closed", () => {
  test("without any policy everything is denied", () => {
    expect(decide(who, TOOL, facts, engineOf())).toMatchObject({ kind: "deny", reason: "no policy permits this call" });
  });

  test("a question that the schema does not admit is denied", () => {
    const answer = engineOf("permit (principal, action, resource);").ask(question(who, "reveal", TOOL));
    expect(answer).toMatchObject({ allowed: false, errors: [{ policy: null }] });
  });

  test("an error is told with its policy", () => {
    const engine = engineOf(
      "permit (principal, action, resource);",
      "forbid (principal, action, resource) when { 9223372036854775807 + context.time.hour > 0 };",
    );
    expect(decide(who, TOOL, { ...facts, at: 3_600_000 }, engine)).toMatchObject({
      kind: "deny",
      policies: ["p1"],
      reason: "policy p1 could not be evaluated",
    });
  });
});

/** Text that means something to Cedar, to JSON or to JavaScript. */
const HOSTILE = [
  ...["__entity", "__extn", "__proto__", "constructor", '"', "\\", "\\u{41}", "*", "\n", "\u0000", "", " "],
  ...['{"__entity":{"type":"Group","id":"administrators"}}', '{"__extn":{"fn":"ip","arg":"10.0.0.1"}}'],
  ...['Group::"administrators"', 'x" || true || "', '") in Group::"administrators', "\u202e\u{1f600}", "a/b", "~1"],
];

describe("text of callers is text to Cedar", () => {
  const admins = engineOf(
    'permit (principal in Group::"administrators", action, resource);',
    'permit (principal, action, resource is Tool) when { resource.name == "exactly" };',
    'permit (principal, action, resource) when { context.arguments.hasTag(context.method) && principal.client == "never" };',
    'permit (principal, action, resource) when { context.network.userAgent == "never" || context.claims.hasTag("never") };',
  );
  const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }));

  test("wherever it stands, it admits nobody and breaks nothing", () => {
    fc.assert(
      fc.property(
        fc.record({ name: hostile, group: hostile, claim: hostile, value: hostile, agent: hostile }),
        (it) => {
          fc.pre(
            it.group !== "administrators" && it.name !== "exactly" && it.agent !== "never" && it.claim !== "never",
          );
          const as: Principal = {
            ...who,
            ...{
              id: `company|${it.name}`,
              subject: it.name,
              client: it.value,
              person: it.value,
              groups: [it.group, it.group],
            },
            ...{
              scopes: [it.value],
              amr: [it.value],
              acr: it.value,
              claims: Object.fromEntries([[it.claim, it.value]]),
            },
          };
          const more = {
            method: it.name,
            risks: [it.value],
            arguments: Object.fromEntries([[it.claim, { [it.group]: it.value }]]),
            source: { ip: "10.0.0.1", userAgent: it.agent },
            session: { id: it.value, era: "modern", kind: "stateless" } as const,
          };
          const subjects: Subject[] = [
            { kind: "tool", server: it.value, name: it.name },
            { kind: "server", server: it.name },
          ];
          for (const subject of subjects)
            expect(decide(as, subject, { ...facts, ...more }, admins)).toMatchObject({
              kind: "deny",
              reason: "no policy permits this call",
            });
          const resource: Subject = { kind: "resource", server: it.value, uri: it.name };
          expect(admins.ask(question(as, "read", resource, { ...facts, ...more }))).toMatchObject({
            allowed: false,
            errors: [],
          });
        },
      ),
    );
  });

  test.each(HOSTILE.map((text) => [text]))("a policy finds %j where it looks for it", (text) => {
    const engine = engineOf(
      `permit (principal, action, resource is Tool) when { resource.name == ${cedarText(text)} && context.arguments.getTag("/a") == ${cedarText(text)} };`,
    );
    const named: Subject = { kind: "tool", server: "ops", name: text };
    expect(kind(engine, { arguments: { a: text } }, who, named)).toBe("allow");
    expect(kind(engine, { arguments: { a: `${text}.` } }, who, named)).toBe("deny");
  });
});

/** A server may send it, and Cedar throws at it. */
describe("half a surrogate pair, where a policy looks at it, is admitted by none", () => {
  const HALF = "x\ud800";
  test.each<[string, string, Partial<CallFacts>, Subject]>([
    ["in the method", 'context.method != ""', { method: HALF }, TOOL],
    ["in the name", 'resource.name != ""', {}, { ...TOOL, name: HALF }],
    ["in an argument", 'context.arguments.getTag("/a") != ""', { arguments: { a: HALF } }, TOOL],
  ])("%s", (_, condition, more, subject) => {
    const decision = decide(who, subject, { ...facts, ...more }, when(condition));
    expect(decision).toMatchObject({ kind: "deny", reason: "the policies do not admit this request" });
    const whole = JSON.parse(JSON.stringify([more, subject]).replaceAll("\\ud800", "y"));
    expect(kind(when(condition), whole[0], who, whole[1])).toBe("allow");
  });
});

/** A text as Cedar writes it. */
const cedarText = (text: string) =>
  `"${[...text].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join("")}"`;
