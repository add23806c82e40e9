import { sha256Hex } from "../json/canonical.ts";
import type { Finding } from "../masking/index.ts";
import { BODIES } from "./prefixes.ts";
import type { RecordBody } from "./record.ts";
import { type ContentKey, sealOriginal } from "./sealed-original.ts";

/**
 * Bytes of a body with its findings and its seal, above which it is kept as an object of its own: a ledger item ends at
 * 400 KB and is billed by the KB.
 */
export const LARGEST_INLINE = 16_384;
/** Findings that a record still lists of a body that is kept as an object; the object lists them all. */
const MOST_INLINE_FINDINGS = 20;

/** Longest pointer that a record lists of a body that is kept as an object: callers choose the names of members. */
const LONGEST_POINTER = 200;

/** What a record lists of a body's findings where an object lists them all. */
export const firstFindings = (findings: readonly Finding[]): Finding[] =>
  findings
    .slice(0, MOST_INLINE_FINDINGS)
    .map((finding) => ({ ...finding, pointer: finding.pointer.slice(0, LONGEST_POINTER).toWellFormed() }));

/** Prefix of the objects that hold the bodies of a call. */
export const bodiesOfCall = (call: string): string => `${BODIES}${call}/`;

/**
 * The object of a body that is kept apart, and its key, which names what it holds.
 *
 * @param part which body of the call this is
 */
export function bodyObject(
  { call, part }: { readonly call: string; readonly part: string },
  text: string,
  findings: readonly Finding[],
): { readonly key: string; readonly object: string } {
  const object = JSON.stringify({ text, findings });
  return { key: `${bodiesOfCall(call)}${part}-${sha256Hex(object)}`, object };
}

/** Keeps bodies that are too large for a record, in both vaults, before the record that names them is written. */
export interface BodyStore {
  put(key: string, masked: string, sealed: string | null): Promise<void>;
}

/** A body before and after masking. */
export interface MaskedBody {
  readonly original: string;
  readonly masked: string;
  readonly findings: readonly Finding[];
}

/** A body as a record holds it, and the sealed original that goes beside it. */
export interface KeptBody {
  readonly body: RecordBody;
  readonly sealed: string | undefined;
}

/**
 * Makes ready what a record says of a body: masked text, or a reference to the stored object, and the sealed original
 * where masking changed anything.
 *
 * @param part which body of the call this is; names its object
 */
export async function keepBody(
  { original, masked, findings }: MaskedBody,
  { call, part }: { readonly call: string; readonly part: string },
  contentKey: () => Promise<ContentKey>,
  store: BodyStore,
): Promise<KeptBody> {
  const sealed = masked === original ? undefined : await sealOriginal(original, call, await contentKey());
  // A short mask may stand for a long secret, and many findings outweigh the text they are in.
  const large = Buffer.byteLength(masked) + (sealed?.length ?? 0) + JSON.stringify(findings).length > LARGEST_INLINE;
  const sealedHash = sealed === undefined ? null : sha256Hex(sealed);
  // Named by all that it holds: the record that names it vouches for it. The same body kept twice is sealed anew, and
  // then it is another object, for none is ever written over.
  const seal = sealedHash === null ? "" : `-${sealedHash.slice(0, 16)}`;
  const apart = large ? bodyObject({ call, part: `${part}${seal}` }, masked, findings) : undefined;
  if (apart !== undefined) await store.put(apart.key, apart.object, sealed ?? null);
  const body: RecordBody = {
    text: large ? null : masked,
    key: apart?.key ?? null,
    originalHash: sha256Hex(original),
    originalBytes: Buffer.byteLength(original),
    findings: large ? firstFindings(findings) : findings,
    findingCount: findings.length,
    sealedHash,
  };
  return { body, sealed: large ? undefined : sealed };
}
