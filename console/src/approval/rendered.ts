import canonicalize from "canonicalize";

/** The parts of the API's answer that the room shows and that say what a person decides on. */
const READ = [
  "id",
  "requester",
  "server",
  "tool",
  "method",
  "arguments",
  "risks",
  "policies",
  "access",
  "breakGlass",
] as const;

/**
 * What was on the approver's screen, as canonical JSON (RFC 8785). The decision carries its SHA-256, so that the record
 * says which call a person read, not only which id they clicked. The API can compute it from its own answer: parts that
 * are null or absent there are left out.
 *
 * @param answer the API's answer as it came, so that nothing the page does to it changes the digest
 */
export function renderedText(answer: object): string {
  const parts = Object.entries(answer).filter(([name, value]) => READ.some((part) => part === name) && value !== null);
  const text = canonicalize(Object.fromEntries(parts));
  if (text === undefined) throw new Error("The approval has no canonical form");
  return text;
}

/** SHA-256, in hexadecimal. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
