import { expect, test } from "vitest";
import { type Judged, renderedDigest } from "../../../lambdas/domain/approval/rendered.ts";

const shown: Required<Judged> = {
  id: "k3v7q2m5x4t6b2n7d5c3z6a4ye",
  kind: "call",
  requester: { kind: "user", name: "Dana", id: "company|developer", client: "agent", initiator: null },
  agent: { name: "agent", version: "1" },
  server: "ops",
  method: "tools/call",
  tool: { name: "create_role", description: "Creates a role." },
  arguments: '{"name":"role-a"}',
  risks: [{ risk: "iam-change", pointer: "", match: "create_role" }],
  policies: [{ id: "risky-needs-approval", reason: null }],
  access: null,
  breakGlass: null,
};

test("is a SHA-256 in hex, whatever the order of names, and after a way over the wire", async () => {
  const digest = await renderedDigest(shown);
  expect(digest).toBe("1245e5de0f6d075ab1767f6a44dbce591af5dfb5943fca2c863bb4351cfc896d");
  const turned = Object.fromEntries(Object.entries(shown).toReversed());
  expect(await renderedDigest(JSON.parse(JSON.stringify(turned)))).toBe(digest);
});

test.each(Object.keys(shown))("another %s is another digest", async (field) => {
  expect(await renderedDigest({ ...shown, [field]: { other: true } })).not.toBe(await renderedDigest(shown));
});

test("how it stands, and who decided meanwhile, change nothing", async () => {
  const later = { ...shown, status: "DENIED", approvals: 1, decisions: [{ by: "Bo" }], deadline: "2026-01-01" };
  expect(await renderedDigest(later)).toBe(await renderedDigest(shown));
});

test.each([
  [{ requester: { ...(shown.requester as object), initiator: "someone" } }],
  [{ tool: { name: "create_role", description: "Creates a role and tells the internet." } }],
  [{ risks: [] }],
  [{ arguments: '{"name":"role-b"}' }],
])("a change inside is one too: %j", async (change) => {
  expect(await renderedDigest({ ...shown, ...change })).not.toBe(await renderedDigest(shown));
});
