import { randomBytes } from "node:crypto";
import type { RecordBody, RecordEntry } from "../../../lambdas/domain/evidence/record.ts";
import { sha256Hex } from "../../../lambdas/domain/json/canonical.ts";

/** Text that packs about as well as JSON of real calls does: words and numbers, none of them twice in a row. */
export const textOf = (bytes: number): string => {
  const noise = randomBytes(bytes / 4).toString("hex");
  const words = Array.from(
    { length: Math.ceil(bytes / 32) },
    (_, at) => `"name-${at}": "${noise.slice(at * 8, at * 8 + 16)}"`,
  );
  return `{${words.join(",")}}`.slice(0, bytes);
};

/** What a call's record says, beside its body. */
export function entryOf(number: number, body: RecordBody | undefined): RecordEntry {
  return {
    type: "call.completed",
    occurredAt: "2026-03-04T05:06:07.890Z",
    session: `5f0c${number % 97}`,
    call: `01KAHZ00000000000000${String(number).padStart(6, "0").slice(-6)}`,
    server: "ops",
    method: "tools/call",
    target: "read_config",
    outcome: "ok",
    principal: {
      kind: "user",
      id: "company|developer",
      issuer: "https://login.example.com",
      subject: "developer",
      client: "agent",
      name: "developer",
      groups: ["developers"],
      person: null,
      initiator: null,
      jti: "01KAHZ",
      authTime: 1_772_600_000,
      acr: null,
      amr: ["pwd", "mfa"],
      delegation: [],
    } as unknown as NonNullable<RecordEntry["principal"]>,
    source: { ip: "203.0.113.7", userAgent: "agent/1.0", requestId: "6f1f7c86-7f0c-4d39-9d0a-000000000000" },
    decision: { kind: "allow", policies: ["developers-read"], reason: null },
    risks: ["read-only"],
    digests: { policy: "a".repeat(64), risks: "b".repeat(64), masking: "c".repeat(64) },
    ...(body === undefined ? {} : { response: body }),
    durationMs: 12,
    received: "d".repeat(64),
  };
}

/** A body as a record holds it where nothing was masked. */
export const plainBody = (text: string): RecordBody => ({
  text,
  key: null,
  originalHash: sha256Hex(text),
  originalBytes: text.length,
  findings: [],
  findingCount: 0,
  sealedHash: null,
});
