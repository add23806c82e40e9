import { createHash } from "node:crypto";
import { digest } from "../json/canonical.ts";
import type { Json } from "../json/json.ts";

/** What an approval is bound to: a change in any of it needs a new one. */
export interface BoundCall {
  readonly principal: string;
  readonly client: string;
  readonly server: string;
  readonly method: string;
  readonly target: string;
  readonly arguments: Json | undefined;
  /** Hash of the tool's definition; empty for what has none. */
  readonly toolDigest: string;
  readonly policyDigest: string;
  readonly risksDigest: string;
}

/** Hex SHA-256 over the canonical JSON of the bound call. */
export const callDigest = (call: BoundCall): string => digest({ ...call, arguments: call.arguments ?? null });

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Id of one attempt: 26 letters and digits, safe in a URL and as the name of an execution. */
export function approvalId(callDigest: string, attempt: number): string {
  const bytes = createHash("sha256").update(`${callDigest}|${attempt}`).digest();
  return Array.from(bytes.subarray(0, 26), (byte) => BASE32[byte % 32]).join("");
}
