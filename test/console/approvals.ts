import type { Approval } from "../../console/src/approval.ts";

/** A call as a gateway would hold it: a role that anyone could assume. */
export function roleCreation(changes: Partial<Approval> = {}): Approval {
  const now = Date.now();
  return {
    id: `${"9f2c".repeat(16)}-1`,
    status: "PENDING",
    createdAt: now - 20_000,
    deadline: now + 3_600_000,
    group: "platform",
    quorum: 1,
    approvals: 0,
    requester: { kind: "user", name: "Dana Developer", id: "company|developer", clientId: "code-agent" },
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
