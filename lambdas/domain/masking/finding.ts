import type { Rule } from "./rule.ts";
import type { Signs } from "./signs.ts";

/** Something found in a document, with the leaf that holds it. */
export interface Finding {
  readonly kind: string;
  /** RFC 6901: the leaf of the outermost document. Well-formed, though names in JSON need not be. */
  readonly pointer: string;
  /** Set where it was not the value at that place but its name. The pointer holds names as masked. */
  readonly inName?: true;
  /** UTF-16 units within the decoded leaf (of a number: its digits as written; of base64 text: what it says). */
  readonly start: number;
  readonly length: number;
  /** Keyed hash of what was masked: equal secrets have equal tags. For auditors; to a caller it would be an oracle. */
  readonly tag: string;
}

/** Gives a secret its tag. Must depend on a key that callers do not have, or the tag could be guessed. */
export type KeyedHash = (value: string) => string;

/** The rules of `config/masking.yaml`, ready to run. */
export interface MaskingRules {
  /** In order of preference: where two find the same span the earlier names it. */
  readonly rules: readonly Rule[];
  /** By kind: its place in that order. */
  readonly ranks: ReadonlyMap<string, number>;
  /** Where the rules may find something. */
  readonly signs: Signs;
  /** The kinds that are credentials; the others are about people. */
  readonly credentials: ReadonlySet<string>;
  /** What a rule's finding may be and still pass. */
  readonly allow: readonly { readonly kind: string; readonly value: RegExp }[];
  /** Every mask these rules write. Found where a secret would stand, it is left as it is: masking twice equals once. */
  readonly masks: ReadonlySet<string>;
}
