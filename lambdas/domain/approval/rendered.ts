import canonicalize from "canonicalize";

/** The fields of an approval's view that a person judges. How it stands, and who else has decided, are not among them. */
const JUDGED = [
  "id",
  "kind",
  "requester",
  "agent",
  "server",
  "method",
  "tool",
  "arguments",
  "risks",
  "policies",
  "access",
  "breakGlass",
] as const;

export type Judged = Readonly<Partial<Record<(typeof JUDGED)[number], unknown>>>;

/**
 * What an approver's page showed, as a SHA-256 in hex of those fields in canonical JSON (RFC 8785). A decision carries it,
 * so that it is about what a person read and not only about the id that they clicked. Page and server both compute it here:
 * Web Crypto is in browsers and in Node.
 *
 * @param view an approval as `GET /approvals/{id}` answers; fields that are not judged change nothing
 * @throws Error for lone surrogates, which have no canonical form
 */
export async function renderedDigest(view: Judged): Promise<string> {
  const text = canonicalize(Object.fromEntries(JUDGED.map((field) => [field, view[field]])));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
