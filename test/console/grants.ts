import type { GrantAnswer } from "../../console/src/api/grant.ts";

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

/** A grant as the API tells of it: two tools for half an hour. */
export function deployGrant(changes: Partial<GrantAnswer> = {}): GrantAnswer {
  return {
    id: "grant-1",
    principal: "company|developer",
    principalName: "Dana Developer",
    server: "ops",
    tools: ["deploy", "read_log"],
    constraint: [{ pointer: "/path", prefix: "reports/" }],
    sameArguments: false,
    session: false,
    expiresAt: ago(-1_500_000),
    uses: 3,
    usesLeft: null,
    createdAt: ago(300_000),
    lastUsedAt: ago(60_000),
    approval: "k3v7q2m5x4t6b2n7d5c3z6a4ye",
    approvedBy: ["Ana Approver"],
    reason: "Release of Thursday",
    status: "ACTIVE",
    endedBy: null,
    endedAt: null,
    endReason: null,
    mayEnd: true,
    ...changes,
  };
}
