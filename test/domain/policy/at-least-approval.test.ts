import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { decideAtLeastApproval } from "../../../lambdas/domain/policy/at-least-approval.ts";
import { policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";

const FOLDER = fileURLToPath(new URL("../../../config/policies", import.meta.url));
const starter = loadPolicies(FOLDER, ["platform"]);
const developer = {
  kind: "user",
  id: "company|u1",
  issuer: "https://login.example.com",
  subject: "u1",
  client: "cli",
  name: "U One",
  groups: ["developers"],
  person: null,
  initiator: null,
  signIn: "s1",
  jti: null,
  authTime: null,
  acr: null,
  amr: [],
  delegation: [],
} as unknown as Principal;

const CALL = 'permit (principal, action == Action::"call", resource);';
const ASKS = 'permit (principal, action == Action::"callWithApproval", resource);';

function decided(
  policies: Readonly<Record<string, { readonly text: string; readonly approvers?: string; readonly because?: string }>>,
) {
  const sources = Object.entries(policies).map(([id, { text, approvers, because }]) => ({
    id,
    text: `@id("${id}") ${text}`,
    annotations: {
      id,
      ...(approvers === undefined ? {} : { approvers }),
      ...(because === undefined ? {} : { approved_because: because }),
    },
  }));
  const bundle = { schema: starter.schema, policies: sources, digest: `test:${JSON.stringify(policies)}` };
  const facts = { method: "tools/call", risks: ["tool-changed"], arguments: {}, at: 0 };
  const subject = { kind: "tool", server: "ops", name: "t" } as const;
  return decideAtLeastApproval(developer, subject, facts, policyEngine(bundle), "the tool changed");
}

test("what policy permits at once is asked of those whom it names", () => {
  expect(decided({ a: { text: CALL }, b: { text: ASKS, approvers: "platform" } })).toMatchObject({
    kind: "approve",
    group: "platform",
    policies: ["b"],
  });
});

test("where policy names nobody it is denied, and says why", () => {
  expect(decided({ a: { text: CALL } })).toMatchObject({
    kind: "deny",
    reason: "the tool changed, and no policy says who may approve it",
  });
});

test("a policy does not approve it in a human's stead", () => {
  const window = { text: ASKS, because: "change window" };
  expect(decided({ a: window })).toMatchObject({ kind: "deny" });
  expect(decided({ a: window, b: { text: ASKS, approvers: "platform" } })).toMatchObject({
    kind: "approve",
    group: "platform",
  });
});

test("what policy forbids stays forbidden", () => {
  const forbid = { text: 'forbid (principal, action, resource) when { context.risks.contains("tool-changed") };' };
  const policies = { a: { text: CALL }, b: { text: ASKS, approvers: "platform" }, c: forbid };
  expect(decided(policies)).toMatchObject({ kind: "deny", policies: ["c"] });
});

test("a policy that cannot be evaluated denies", () => {
  const broken = { text: 'permit (principal, action, resource) when { context.arguments.getTag("/none") == "x" };' };
  expect(decided({ a: broken, b: { text: ASKS, approvers: "platform" } })).toMatchObject({ kind: "deny" });
});
