import { storedLine } from "../../../lambdas/aws/ledger-item.ts";
import { lineOf } from "../../../lambdas/domain/evidence/line.ts";
import type { LedgerRecord } from "../../../lambdas/domain/evidence/record.ts";
import { compileMasking } from "../../../lambdas/domain/masking/index.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import type { PolicyEngine } from "../../../lambdas/domain/policy/engine.ts";
import type { UpstreamAnswer, UpstreamRequest } from "../../../lambdas/domain/upstream/answer.ts";
import type { Call } from "../../../lambdas/gateway/call.ts";
import type { House } from "../../../lambdas/gateway/house.ts";
import type { Released } from "../../../lambdas/gateway/released.ts";
import { person } from "../../support/samples.ts";

const masking = compileMasking({ rules: RULES.map(({ kind }) => kind), allow: [], own: [] });

/** Denies everything, by a policy of that name. */
export const denying: PolicyEngine = {
  ask: () => ({ allowed: false, determining: ["no-asking"], errors: [] }),
  policy: () => undefined,
};

/**
 * A house without its tables: records are written out as the ledger would, which throws at what it could not hold.
 *
 * @param send what becomes of a word of the gateway's own to the server
 */
export function exchangeHouse({
  engine,
  send = async () => empty,
  now = Date.now,
}: {
  readonly engine: PolicyEngine;
  readonly send?: (request: UpstreamRequest) => Promise<UpstreamAnswer>;
  readonly now?: () => number;
}) {
  const records: LedgerRecord[] = [];
  /** What operators were told of. */
  const failures: string[] = [];
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const house = {
    settings: { config: { limits: { callTimeout: 2, listenFor: 4 }, notice: null }, digests: {} },
    engine,
    risks: [],
    masking: () => masking,
    keyedHash: async () => () => "0123456789abcdef",
    contentKey: async () => ({ plain: new Uint8Array(32), wrapped: "d3JhcHBlZA==" }),
    bodies: { put: async () => undefined },
    writer: {
      append: async (entry: LedgerRecord) => {
        const added = { id: newId(), recordedAt: "", writer: { id: "w", seq: 0, previous: "" } };
        const line = lineOf(entry, added as unknown as LedgerRecord, {}, () => "s".repeat(86));
        storedLine(line);
        records.push(JSON.parse(line.text) as LedgerRecord);
        return line;
      },
    },
    upstream: { send },
    tell: (_: string, what: string, error: unknown) => void failures.push(`${what}: ${error}`),
    log: { warn: () => undefined },
    now,
    newId,
  } as unknown as House;
  return { house, records, failures };
}

/** A call that has been forwarded. */
export const exchangeCall = (message: Partial<Call["message"]> = {}, more: Partial<Call> = {}): Call =>
  ({
    id: "call-1",
    startedAt: Date.now(),
    session: "s",
    sessionKind: "sealed",
    server: "ops",
    target: "talk",
    shownTarget: "talk",
    shownHeaders: {},
    headers: {},
    caller: { principal: person("dev", []), expiresAt: Number.MAX_SAFE_INTEGER },
    source: { ip: "10.0.0.1", userAgent: "agent", requestId: "r" },
    decision: { kind: "allow", policies: [] },
    risks: [],
    ended: new AbortController(),
    message: { kind: "request", era: "legacy", text: "{}", id: 5, method: "prompts/get", params: {}, ...message },
    ...more,
  }) as unknown as Call;

const empty: UpstreamAnswer = {
  status: 202,
  kind: "empty",
  sessionId: undefined,
  cookies: [],
  messages: (async function* () {})(),
};

/** An answer of a server; the messages of one array come together. */
export const serverAnswer = (kind: "json" | "stream", ...batches: readonly (readonly string[])[]): UpstreamAnswer => ({
  ...empty,
  status: 200,
  kind,
  messages: (async function* () {
    for (const batch of batches) yield batch.map((text) => (kind === "json" ? { text } : { text, frame: {} }));
  })(),
});

/** Everything that is released, up to the end. */
export async function allOf(messages: AsyncIterable<Released>): Promise<Released[]> {
  const all: Released[] = [];
  for await (const message of messages) all.push(message);
  return all;
}
