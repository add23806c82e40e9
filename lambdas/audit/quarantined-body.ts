import { bodyObject, firstFindings } from "../domain/evidence/body.ts";
import type { Remasked } from "../domain/evidence/quarantine.ts";
import type { RecordBody } from "../domain/evidence/record.ts";
import type { ContentKey } from "../domain/evidence/sealed-original.ts";
import { sealOriginal } from "../domain/evidence/sealed-original.ts";
import { sha256Hex } from "../domain/json/canonical.ts";
import type { Finding } from "../domain/masking/index.ts";

/** A body as both vaults hold it now. */
export interface PresentBody {
  readonly body: RecordBody;
  readonly text: string;
  readonly findings: readonly Finding[];
  /** The sealed original; undefined where masking changed nothing. */
  readonly sealed: string | undefined;
}

/** A body masked anew. */
export interface QuarantinedBody {
  readonly body: RecordBody;
  readonly sealed: string | undefined;
  /** What is kept apart, and the key of the object that it takes the place of. */
  readonly apart: { readonly key: string; readonly object: string; readonly before: string } | undefined;
}

/**
 * Masks a body anew. One that had nothing masked gets the sealed original that it lacked, so that `reveal` opens it.
 *
 * @param named call and part, which name the object of a body that is kept apart
 */
export async function quarantinedBody(
  { body, text, findings, sealed }: PresentBody,
  named: { readonly call: string; readonly part: string },
  remask: (text: string) => Remasked,
  contentKey: () => Promise<ContentKey>,
): Promise<QuarantinedBody> {
  const again = remask(text);
  if (again.text === text) return { body, sealed, apart: undefined };
  const seal = sealed ?? (await sealOriginal(text, named.call, await contentKey()));
  const all = [...findings, ...again.findings];
  const known = { ...body, findingCount: body.findingCount + again.findings.length, sealedHash: sha256Hex(seal) };
  if (body.key === null) return { body: { ...known, text: again.text, findings: all }, sealed: seal, apart: undefined };
  const apart = bodyObject(named, again.text, all);
  return {
    body: { ...known, key: apart.key, findings: [...body.findings, ...firstFindings(again.findings)] },
    sealed: seal,
    apart: { ...apart, before: body.key },
  };
}
