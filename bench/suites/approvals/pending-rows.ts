import { createHash } from "node:crypto";
import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Approval } from "../../../lambdas/domain/approval/approval.ts";
import { approvalId } from "../../../lambdas/domain/approval/identity.ts";

/** Who asks: each has fewer pending than one caller may. */
const REQUESTERS = 60;
/** Items of one BatchWriteItem at most. */
const BATCH = 25;
/** What an approver judges: 2 KB, as a statement or a document would have them. */
const LONG = "alter the grants of the reporting account as agreed in the change meeting; ".repeat(26);

/** Puts pending approvals of many developers straight into the table, the last one newest. @returns their ids */
export async function seedPending(client: DynamoDBClient, table: string, count: number): Promise<string[]> {
  const now = Date.now();
  const rows = Array.from({ length: count }, (_, at) => pendingRow(at, now - (count - at) * 10));
  for (let from = 0; from < count; from += BATCH) {
    const items = rows.slice(from, from + BATCH).map((row) => ({
      PutRequest: { Item: marshall({ pk: `approval#${row.id}`, sk: "state", ...row }) },
    }));
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: items } }));
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error("the emulator left rows of a batch out");
  }
  return rows.map(({ id }) => id);
}

function pendingRow(at: number, createdAt: number): Approval {
  const callDigest = createHash("sha256").update(`seeded ${at}`).digest("hex");
  const name = `seeded-${at % REQUESTERS}`;
  const requesterId = `local|${name}`;
  return {
    id: approvalId(callDigest, 1),
    kind: "call",
    callDigest,
    attempt: 1,
    status: "PENDING",
    createdAt,
    deadline: createdAt + 3_600_000,
    group: "platform",
    quorum: 1,
    requester: {
      kind: "user",
      id: requesterId,
      issuer: "https://login.example.com",
      subject: name,
      client: "bench",
      name,
      groups: ["developers"],
      person: `${name}@example.test`,
      initiator: null,
      signIn: "s1",
      jti: null,
      authTime: null,
      acr: null,
      amr: [],
      delegation: [],
    },
    requesterId,
    agent: { name: "bench", version: "1" },
    baseUrl: "http://127.0.0.1",
    session: `session-${at}`,
    call: `call-${at}`,
    server: "ops",
    method: "tools/call",
    target: "create_role",
    description: "Creates an IAM role",
    toolDigest: "",
    arguments: JSON.stringify({ name: `role-${at}`, why: LONG }),
    revealNeeded: false,
    revealedTo: [],
    scopes: { session: true, maxMinutes: 60 },
    access: null,
    breakGlass: null,
    risks: [{ risk: "iam-change", pointer: "", match: "create_role" }],
    policies: ["risky-needs-approval"],
    digests: { policy: "p", risks: "r", masking: "m" },
    decisions: [],
  };
}
