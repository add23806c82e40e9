import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "./json.ts";

/**
 * The one text of a value (RFC 8785), so that equal values have equal digests.
 *
 * @throws Error for lone surrogates, NaN and infinities, which have no canonical form
 */
export function canonical(value: Json | object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("only JSON has a canonical form");
  return text;
}

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** SHA-256 of a value's canonical form, in hex. */
export const digest = (value: Json): string => sha256Hex(canonical(value));
