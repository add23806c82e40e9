import type { Approval } from "../../console/src/approval.ts";

/** A call as a gateway would hold it: a role that anyone could assume. */
export function roleCreation(changes: Partial<Approval> = {}): Approval {
  const now = Date.now();
  return {
    id: "k3v7q2m5x4t6b2n7d5c3z6a4ye",
    status: "PENDING",
    createdAt: now - 20_000,
    deadline: now + 3_000_000,
    group: "platform",
    attempt: 1,
    quorum: 1,
    approvals: 0,
    requester: {
      kind: "user",
      name: "Dana Developer",
      id: "company|developer",
      clientId: "code-agent",
      initiator: null,
    },
    server: "ops",
    tool: "create_role",
    method: "tools/call",
    arguments: JSON.stringify({
      roleName: "role-a",
      maxSessionSeconds: 3600,
      tags: ["team/data", "temporary"],
      boundary: null,
      trust: { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" },
    }),
    risks: [
      { risk: "iam-change", pointer: "", match: "create_role" },
      { risk: "iam-change", pointer: "/trust/Action", match: "sts:AssumeRole" },
    ],
    policies: ["approve-iam-changes"],
    decisions: [],
    canDecide: true,
    whyNot: null,
    ...changes,
  };
}
