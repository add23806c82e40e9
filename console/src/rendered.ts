import canonicalize from "canonicalize";
import type { Approval } from "./approval.ts";

/**
 * What was on the approver's screen, as canonical JSON (RFC 8785). The decision carries its SHA-256, so that the record
 * says which call a person read, not only which id they clicked. The API can compute it from the same fields.
 */
export function renderedText(approval: Approval): string {
  const { id, requester, server, tool, method, risks, policies } = approval;
  const text = canonicalize({ id, requester, server, tool, method, arguments: approval.arguments, risks, policies });
  if (text === undefined) throw new Error("The approval has no canonical form");
  return text;
}

/** SHA-256, in hexadecimal. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
