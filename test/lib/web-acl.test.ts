import { describe, expect, test } from "vitest";
import { resource, synthesize } from "./template.ts";

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: { readonly Block?: { readonly CustomResponse?: Response } };
  readonly OverrideAction?: object;
  readonly Statement: {
    readonly RateBasedStatement?: Record<string, unknown>;
    readonly ManagedRuleGroupStatement?: {
      readonly Name: string;
      readonly ScopeDownStatement?: unknown;
      readonly RuleActionOverrides?: readonly { readonly Name: string; readonly ActionToUse: Rule["Action"] }[];
    };
  };
}

interface Response {
  readonly ResponseCode: number;
  readonly CustomResponseBodyKey: string;
  readonly ResponseHeaders?: readonly { readonly Name: string; readonly Value: string }[];
}

const { gateway } = synthesize();
const { Rules: rules, CustomResponseBodies: bodies } = resource(gateway, "AWS::WAFv2::WebACL", "Api")
  .Properties as unknown as {
  readonly Rules: readonly Rule[];
  readonly CustomResponseBodies: Readonly<Record<string, { readonly ContentType: string; readonly Content: string }>>;
};

/** Whether a statement's scope is the MCP paths, all others, or everything. */
function scopeOf({ Statement }: Rule): "mcp" | "others" | "everything" {
  const { RateBasedStatement, ManagedRuleGroupStatement } = Statement;
  const scope = JSON.stringify((RateBasedStatement ?? ManagedRuleGroupStatement)?.ScopeDownStatement ?? null);
  if (!scope.includes('"SearchString":"/mcp/"')) return "everything";
  return scope.startsWith('{"NotStatement"') ? "others" : "mcp";
}

/** What a blocked request is answered with, by rules that block by themselves and by those that override a managed rule. */
const answers = (rule: Rule): Response[] =>
  [rule.Action, ...(rule.Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? []).map((own) => own.ActionToUse)]
    .map((action) => action?.Block?.CustomResponse)
    .filter((response) => response !== undefined);

describe("the firewall", () => {
  test("stands before the stage", () => gateway.resourceCountIs("AWS::WAFv2::WebACLAssociation", 1));

  test("counts requests by token and by address, on the MCP paths and elsewhere", () => {
    const rates = rules.filter(({ Statement }) => Statement.RateBasedStatement);
    expect(rates.map((rule) => [scopeOf(rule), rule.Statement.RateBasedStatement?.AggregateKeyType])).toEqual([
      ["mcp", "CUSTOM_KEYS"],
      ["mcp", "IP"],
      ["others", "CUSTOM_KEYS"],
      ["others", "IP"],
    ]);
    const [byToken] = rates;
    expect(byToken?.Statement.RateBasedStatement?.CustomKeys).toEqual([
      { Header: { Name: "authorization", TextTransformations: [{ Priority: 0, Type: "MD5" }] } },
    ]);
  });

  test("answers who comes too often with 429 and a time to come back, on the MCP paths as JSON-RPC", () => {
    for (const rule of rules.filter(({ Statement }) => Statement.RateBasedStatement)) {
      const [response] = answers(rule);
      expect(response).toMatchObject({ ResponseCode: 429, ResponseHeaders: [{ Name: "Retry-After", Value: "60" }] });
      const body = bodies[response?.CustomResponseBodyKey ?? ""];
      expect(body?.ContentType).toBe("APPLICATION_JSON");
      const json = JSON.parse(body?.Content ?? "") as Record<string, unknown>;
      if (scopeOf(rule) === "mcp")
        expect(json).toMatchObject({
          jsonrpc: "2.0",
          id: null,
          error: { code: 4010, data: { retryAfterSeconds: 60 } },
        });
      else expect(json).toMatchObject({ code: "too_many" });
    }
  });

  test("never answers 403 on the MCP paths, where rules about content only count", () => {
    const onMcp = rules.filter((rule) => scopeOf(rule) !== "others");
    expect(onMcp.length).toBeGreaterThan(4);
    for (const rule of onMcp) {
      expect(scopeOf(rule), rule.Name).toBe("mcp");
      const counts = JSON.stringify(rule.OverrideAction) === '{"Count":{}}';
      const codes = answers(rule).map(({ ResponseCode }) => ResponseCode);
      expect(codes).not.toContain(403);
      if (/CommonRule|KnownBad/.test(rule.Name)) expect(counts).toBe(true);
      else expect(counts || codes.length > 0, `${rule.Name} says what it answers`).toBe(true);
    }
    const reputation = onMcp.find(({ Name }) => Name.includes("Reputation"));
    expect(reputation?.Statement.ManagedRuleGroupStatement?.RuleActionOverrides?.map(({ Name }) => Name)).toEqual([
      "AWSManagedIPReputationList",
      "AWSManagedReconnaissanceList",
    ]);
  });

  test("blocks by content everywhere else", () => {
    const managed = rules.filter((rule) => rule.Statement.ManagedRuleGroupStatement && scopeOf(rule) === "others");
    expect(managed.map(({ OverrideAction }) => OverrideAction)).toEqual([{ None: {} }, { None: {} }, { None: {} }]);
  });

  test("asks each rule once, in an order", () => {
    expect(rules.map(({ Priority }) => Priority)).toEqual(rules.map((_, at) => at));
    expect(new Set(rules.map(({ Name }) => Name)).size).toBe(rules.length);
  });
});
