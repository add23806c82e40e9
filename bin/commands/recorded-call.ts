import type { Vault } from "../../lambdas/aws/vault.ts";
import type { LedgerRecord, RecordBody } from "../../lambdas/domain/evidence/record.ts";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { bodilessMessage, type ClientMessage, readClientMessage } from "../../lambdas/domain/mcp/message.ts";
import type { Surroundings } from "../../lambdas/domain/policy/judge.ts";

/** A call of the archive, as it can be decided again. */
export interface RecordedCall {
  readonly message: ClientMessage;
  readonly surroundings: Surroundings;
  /** Whether a mask lies over something that was decided on. */
  readonly masked: boolean;
}

/**
 * Whether a record holds a client's message that policy decided on. A refusal of what a server said holds another one, and
 * that of a call which was received first holds the same one again.
 */
export const isDecided = ({ type, reason, decision, received }: LedgerRecord): boolean =>
  decision !== undefined &&
  (type === "call.received" ||
    (type === "call.denied" && received === undefined && !reason?.startsWith("from the server:")));

/**
 * The call of a record.
 *
 * @throws Error when the record does not hold all that a decision looks at
 */
export async function recordedCall(record: LedgerRecord, masked: Vault): Promise<RecordedCall> {
  const { principal, server, source, session, request, method = "", occurredAt } = record;
  if (principal === undefined || server === undefined || request === undefined) throw new Error("it names no caller");
  const who: Principal = { ...principal, signIn: "" };
  const hadMask = record.risks?.includes(MASK_WRITTEN_BACK) === true;
  const message = await messageOf(method, request, { masked, hadMask });
  const opens = message.era === "legacy" && message.method === "initialize";
  return {
    message,
    surroundings: {
      who,
      server,
      at: Date.parse(occurredAt),
      ...(source === undefined ? {} : { source }),
      // Records do not say whether a session was sealed: a legacy one mostly was.
      session: {
        id: session,
        era: message.era,
        kind: opens ? "opened" : message.era === "legacy" ? "sealed" : "stateless",
      },
    },
    masked: request.findingCount > 0,
  };
}

/** The label that a mask earns which a caller sends. Those of the archive are ours: the caller sent what lies under them. */
const MASK_WRITTEN_BACK = "mask-written-back";
const MASK = /\[([A-Z][A-Z0-9_]{2,})\]/g;

async function messageOf(
  method: string,
  { text, key, findingCount }: RecordBody,
  { masked, hadMask }: { readonly masked: Vault; readonly hadMask: boolean },
): Promise<ClientMessage> {
  if (text === "" && (method === "GET" || method === "DELETE")) return bodilessMessage(method);
  const kept = text ?? (key === null ? "" : (JSON.parse(await masked.get(key)) as { readonly text: string }).text);
  // Capitals in brackets stand in texts alone, so this is JSON as before.
  return readClientMessage(Buffer.from(findingCount > 0 && !hadMask ? kept.replaceAll(MASK, "($1)") : kept));
}
