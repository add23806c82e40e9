import { policyToJson } from "@cedar-policy/cedar-wasm/nodejs";
import { describe, expect, test } from "vitest";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { decide } from "../../../lambdas/domain/policy/decide.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { factsAsked } from "../../../lambdas/domain/policy/facts-asked.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";

const asked = (...conditions: string[]) =>
  factsAsked(
    conditions.map((condition) => {
      const answer = policyToJson(`permit (principal, action, resource) when { ${condition} };`);
      if (answer.type === "failure") throw new Error(answer.errors[0]?.message);
      return answer.json;
    }),
  );

describe("the tags that policies ask for", () => {
  test("are those they name", () => {
    const has = 'context.arguments.hasTag("/region") && context.arguments.getTag("/a~1b") like "eu-*"';
    expect(asked(has, "true").tags).toEqual(new Set(["/region", "/a~1b"]));
  });

  test("are none where no policy looks at arguments", () => {
    expect(asked("context.risks.isEmpty()").tags).toEqual(new Set());
  });

  test("are all where a name is computed", () => {
    expect(asked('context.arguments.hasTag("/x")', "context.arguments.hasTag(resource.name)").tags).toBe("all");
  });

  test("are found wherever they stand", () => {
    const nested = '!(if principal has client then [{ a: context.arguments.getTag("/deep") }].isEmpty() else false)';
    expect(asked(nested).tags).toEqual(new Set(["/deep"]));
  });
});

describe("the facts that policies ask for", () => {
  test.each<[string, string[]]>([
    ["context.time.hour > 8", ["time"]],
    ["context has network && context.token has acr", ["network", "token"]],
    ["context has session.id", ["session"]],
    ['context["ti\\u{6d}e"].hour > 8', ["time"]],
    ["principal.id == resource.name", []],
  ])("are read from what Cedar parsed: %s", (condition, facts) => {
    expect(asked(condition).context).toEqual(new Set(facts));
  });

  test("are all where the context is used as a value", () => {
    expect(asked("context == { a: 1 }").context).toBe("all");
  });
});

describe("a decision that was made before", () => {
  const { schema } = loadPolicies("config/policies", ["platform", "security"]);
  const engineOf = (...texts: string[]) =>
    policyEngine({
      schema,
      policies: texts.map((text, at) => ({ id: `p${at}`, text: `@id("p${at}") ${text}`, annotations: {} })),
      digest: `tags-asked:${texts.join()}`,
    });
  const who = (...groups: string[]): Principal => ({
    kind: "user",
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
  const tool = (name: string) => ({ kind: "tool", server: "ops", name }) as const;
  const facts = (risks: string[], args: unknown = {}) => ({ method: "tools/call", risks, arguments: args, at: 0 });

  test("is made anew when anything that policies look at differs", () => {
    const engine = engineOf(
      'permit (principal in Group::"developers", action, resource is Tool) when { context.risks.isEmpty() && resource.name != "wipe" };',
    );
    const kinds = () => [
      decide(who("developers"), tool("echo"), facts([]), engine).kind,
      decide(who("developers"), tool("wipe"), facts([]), engine).kind,
      decide(who("developers"), tool("echo"), facts(["destructive"]), engine).kind,
      decide(who("readers"), tool("echo"), facts([]), engine).kind,
    ];
    expect(kinds()).toEqual(["allow", "deny", "deny", "deny"]);
    expect(kinds()).toEqual(["allow", "deny", "deny", "deny"]);
  });

  test("does not answer for other arguments", () => {
    const engine = engineOf(
      'permit (principal, action, resource) when { context.arguments.hasTag("/env") && context.arguments.getTag("/env") == "dev" };',
    );
    const kind = (args: unknown) => decide(who(), tool("deploy"), facts([], args), engine).kind;
    expect([kind({ env: "dev" }), kind({ env: "prod" }), kind({}), kind({ env: "dev", note: "x" })]).toEqual([
      "allow",
      "deny",
      "deny",
      "allow",
    ]);
  });
});
