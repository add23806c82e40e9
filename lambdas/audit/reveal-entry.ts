import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { RecordEntry } from "../domain/evidence/record.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import type { FoundOriginal } from "./find-sealed.ts";

export interface Reveal {
  readonly id: string;
  readonly reason: string;
  readonly permitted: boolean;
  readonly policies: readonly string[];
  readonly found: FoundOriginal | undefined;
}

/** Who opened which original, and why; or tried to. */
export function revealEntry(event: APIGatewayProxyEvent, who: Principal, reveal: Reveal, now: number): RecordEntry {
  return {
    type: reveal.permitted ? "transcript.revealed" : "access.refused",
    occurredAt: new Date(now).toISOString(),
    session: reveal.found?.session ?? `reveal-${reveal.id}`,
    ...(reveal.found === undefined ? {} : { call: reveal.found.call }),
    outcome: reveal.permitted ? (reveal.found === undefined ? "not-found" : "revealed") : "refused",
    reason: reveal.reason,
    principal: recordPrincipal(who),
    source: sourceOf(event),
    decision: { kind: reveal.permitted ? "allow" : "deny", policies: reveal.policies, reason: null },
    revealed: reveal.id,
  };
}
