import { callApi } from "../call-api.ts";
import type { Place } from "../place.ts";

export interface QuarantineOptions {
  readonly reason: string;
  /** Leaf that masking missed, such as `response:/result/content/0/text`. */
  readonly at?: string;
}

/**
 * Puts a newly masked copy in the place of a record in which a secret was missed.
 *
 * @param missed the secret itself; undefined where a place or the present rules say it
 * @param token a console token of an auditor or an administrator
 */
export async function quarantine(
  place: Place,
  record: string,
  { reason, at }: QuarantineOptions,
  missed: string | undefined,
  token: string | undefined,
): Promise<string> {
  const texts = missed === undefined ? [] : [missed];
  const { recordedAs, objects, alsoIn } = await callApi<{ recordedAs: string; objects: string[]; alsoIn: string[] }>(
    place,
    "/audit/quarantine",
    token,
    { record, reason, texts, ...(at === undefined ? {} : { at }) },
  );
  return [
    `Recorded as ${recordedAs}; a newly masked copy stands in ${objects.length === 1 ? "its place" : `its ${objects.length} places`}.`,
    ...alsoIn.map((id) => `It stands in record ${id} too: quarantine that as well.`),
    "The caller has seen it, and so has whoever was sent the record: change the secret (docs/runbook.md, A secret was not masked).",
  ].join("\n");
}

/** All of standard input but the line break at its end. */
export async function textOf(input: AsyncIterable<Buffer | string>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of input) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
