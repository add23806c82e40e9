import type { ApprovalAnswer } from "../../console/src/api/approval.ts";

/** A moment as the API sends it. */
export const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
export const named = (name: string) => ({ name, description: null });
const ago = (milliseconds: number) => fromNow(-milliseconds);

/** A call as a gateway would hold it: a role that anyone could assume. */
export function roleCreation(changes: Partial<ApprovalAnswer> = {}): ApprovalAnswer {
  return {
    id: "k3v7q2m5x4t6b2n7d5c3z6a4ye",
    kind: "call",
    status: "PENDING",
    createdAt: ago(20_000),
    deadline: ago(-3_000_000),
    group: "platform",
    attempt: 1,
    requesterName: "Dana Developer",
    requesterKind: "user",
    quorum: 1,
    approvals: 0,
    requester: {
      kind: "user",
      name: "Dana Developer",
      id: "company|developer",
      client: "code-agent",
      initiator: null,
    },
    agent: { name: "Claude Code", version: "2.1.0" },
    server: "ops",
    tool: { name: "create_role", description: "Creates a role that others may assume." },
    method: "tools/call",
    arguments: JSON.stringify({
      roleName: "role-a",
      maxSessionSeconds: 3600,
      tags: ["team/data", "temporary"],
      boundary: null,
      trust: { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" },
    }),
    risks: [
      { risk: "iam-change", pointer: "", match: "create_role", cut: false },
      { risk: "iam-change", pointer: "/trust/Action", match: "sts:AssumeRole", cut: false },
    ],
    policies: [{ id: "approve-iam-changes", reason: "Changes of roles need a second pair of eyes." }],
    decisions: [],
    earlier: [],
    similar: [],
    mayDecide: true,
    whyNot: null,
    mayWithdraw: false,
    reasonRequired: true,
    revealNeeded: false,
    mayReveal: false,
    scopes: { session: false, maxMinutes: null },
    access: null,
    breakGlass: null,
    withdrawn: null,
    ...changes,
  };
}

/** A call with all that the room of an approval can show. */
export function fullStory(changes: Partial<ApprovalAnswer> = {}): ApprovalAnswer {
  return roleCreation({
    attempt: 2,
    quorum: 2,
    approvals: 1,
    requester: {
      kind: "workload",
      name: "deploy-pipeline",
      id: "ci|repo:acme/infra:ref:refs/heads/main",
      client: "ci-runner",
      initiator: "dana@example.com",
    },
    decisions: [{ by: "Ana Approver", verdict: "approve", reason: "Planned in change 4711", at: ago(8_000) }],
    earlier: [{ id: "earlier-1", kind: "call", status: "EXPIRED", at: ago(3_600_000), by: null, reason: null }],
    similar: [
      {
        id: "similar-1",
        kind: "call",
        status: "COMPLETED",
        at: ago(86_400_000),
        by: "Ana Approver",
        requesterName: "Dana Developer",
        reason: "Same role as last month",
      },
      {
        id: "similar-2",
        kind: "call",
        status: "DENIED",
        at: ago(172_800_000),
        by: "Bo Approver",
        requesterName: "nightly-job",
        reason: "A trust policy with a star",
      },
    ],
    scopes: { session: true, maxMinutes: 60 },
    ...changes,
  });
}

/** Somebody asks for access ahead of the calls. */
export function accessRequest(changes: Partial<ApprovalAnswer> = {}): ApprovalAnswer {
  return roleCreation({
    id: "access-1",
    kind: "access",
    tool: named("deploy, read_log"),
    arguments: "{}",
    risks: [],
    access: {
      tools: ["deploy", "read_log"],
      minutes: 45,
      constraint: [{ pointer: "/path", prefix: "reports/" }],
      reason: "Release of Thursday",
    },
    scopes: { session: false, maxMinutes: 45 },
    ...changes,
  });
}
