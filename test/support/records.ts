import { monotonicFactory } from "ulid";
import type {
  LedgerRecord,
  RecordApproval,
  RecordEntry,
  RecordPrincipal,
} from "../../lambdas/domain/evidence/record.ts";

/** When the first record was made. */
export const BEGAN = Date.parse("2026-03-04T05:00:00.000Z");

export const somebody = (id = "dana", more: Partial<RecordPrincipal> = {}): RecordPrincipal => ({
  kind: "user",
  id: `local|${id}`,
  issuer: "local",
  subject: id,
  client: "cli",
  name: id,
  groups: ["developers"],
  person: `${id}@example.test`,
  initiator: null,
  jti: "token",
  authTime: 1,
  acr: null,
  amr: ["pwd"],
  delegation: [],
  ...more,
});

export const someApproval = (more: Partial<RecordApproval> = {}): RecordApproval => ({
  id: "approval-1",
  attempt: 1,
  group: "platform",
  verdict: null,
  by: null,
  person: null,
  reason: null,
  rendered: null,
  waitedMs: null,
  ...more,
});

export const bodyWith = (text: string | null, more: object = {}) => ({
  text,
  key: null,
  originalHash: "0".repeat(64),
  originalBytes: text?.length ?? 0,
  findings: [],
  findingCount: 0,
  sealedHash: null,
  ...more,
});

/** Records of one writer, a second apart. */
export function recordMaker(writer = "lane-1") {
  const newId = monotonicFactory();
  let seq = -1;
  return (entry: Partial<RecordEntry> & Partial<Pick<LedgerRecord, "recordedAt" | "writer">>): LedgerRecord => {
    seq += 1;
    const at = BEGAN + seq * 1000;
    return {
      v: 1,
      id: newId(at),
      type: "call.received",
      component: "gateway",
      occurredAt: new Date(at).toISOString(),
      recordedAt: new Date(at + 1).toISOString(),
      session: "session-1",
      call: "call-1",
      server: "ops",
      method: "tools/call",
      target: "create_role",
      outcome: "received",
      principal: somebody(),
      source: { ip: "192.0.2.1", userAgent: "test", requestId: "r" },
      decision: { kind: "allow", policies: ["p"], reason: null },
      risks: [],
      digests: { policy: "a", risks: "b", masking: "c" },
      writer: { id: writer, seq, previous: "" },
      ...entry,
    };
  };
}
