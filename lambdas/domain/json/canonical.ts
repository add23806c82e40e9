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

/** SHA-256 in hex; of a text, of its UTF-8 bytes. */
export const sha256Hex = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");

/** SHA-256 of a value's canonical form, in hex. */
export const digest = (value: Json): string => sha256Hex(canonical(value));

/** A short name for what its parts tell apart: 128 bits of their hash, in hex. */
export const nameOfParts = (parts: readonly Json[]): string => sha256Hex(JSON.stringify(parts)).slice(0, 32);
