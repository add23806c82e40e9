import type { Approval, ApprovalDecision } from "../../lambdas/domain/approval/approval.ts";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";

/** A person of the issuer `company`. */
export const person = (name: string, groups: readonly string[] = []): Principal => ({
  kind: "user",
  id: `company|${name}`,
  issuer: "https://login.example.com",
  subject: name,
  client: "agent",
  name,
  groups,
  person: `${name}@example.com`,
  initiator: null,
  signIn: "s1",
  jti: "j1",
  authTime: 1,
  acr: null,
  amr: [],
  delegation: [],
});

/** A pending approval that `developer` asked for at time 1000, open until 10 000. */
export const approval = (change: Partial<Approval> = {}): Approval => ({
  id: "abcdefghijklmnopqrstuvwxyz",
  kind: "call",
  callDigest: "d".repeat(64),
  attempt: 1,
  status: "PENDING",
  createdAt: 1000,
  deadline: 10_000,
  group: "platform",
  quorum: 1,
  requester: person("developer", ["developers"]),
  requesterId: "company|developer",
  agent: null,
  baseUrl: "https://gateway.example.com",
  session: "session-1",
  call: "call-1",
  server: "ops",
  method: "tools/call",
  target: "create_role",
  description: null,
  toolDigest: "",
  arguments: '{"name":"r"}',
  revealNeeded: false,
  revealedTo: [],
  scopes: { session: false, maxMinutes: null },
  access: null,
  breakGlass: null,
  risks: [{ risk: "iam-change", pointer: "", match: "create_role" }],
  policies: ["risky-needs-approval"],
  digests: { policy: "p", risks: "r", masking: "m" },
  decisions: [],
  ...change,
});

export const decisionOf = (name: string, verdict: "approve" | "deny" = "approve", at = 2000): ApprovalDecision => ({
  verdict,
  scope: { kind: "call" },
  person: `${name}@example.com`,
  by: name,
  reason: "because",
  at,
  rendered: "0".repeat(64),
});
