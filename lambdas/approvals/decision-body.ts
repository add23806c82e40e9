import { CountersignError } from "../domain/error.ts";

export interface DecisionBody {
  readonly verdict: "approve" | "deny";
  readonly reason: string;
  /** SHA-256 (hex) of what the page rendered. */
  readonly rendered: string;
}

/** @throws CountersignError `bad_request` that says which field is wrong */
export function readDecision({ verdict, reason, rendered }: Readonly<Record<string, unknown>>): DecisionBody {
  if (verdict !== "approve" && verdict !== "deny")
    throw new CountersignError("bad_request", '"verdict" must be "approve" or "deny"');
  if (typeof reason !== "string" || reason.trim().length < 3 || reason.length > 1000)
    throw new CountersignError("bad_request", '"reason" must be a text of 3 to 1000 characters');
  if (typeof rendered !== "string" || !/^[0-9a-f]{64}$/.test(rendered))
    throw new CountersignError("bad_request", '"rendered" must be the SHA-256, in hex, of what the page showed');
  return { verdict, reason: reason.trim(), rendered };
}
