import type { Finding } from "../../lambdas/domain/masking/index.ts";
import { type MarkedText, outsiderTexts } from "../corpus/outsider.ts";
import { mask, type Quality, type Row } from "./measure.ts";

/** Quotes, brackets and a sign: what may be masked beside a secret without harm. */
const BESIDE = 2;

/** Measures the outsider's set by places: a secret counts as found when every letter and digit of it is covered. */
export function measureOutsider(): Quality {
  const rows = new Map<string, Row>();
  const missed: string[] = [];
  const wrong: string[] = [];
  let negatives = 0;
  for (const sample of outsiderTexts()) {
    const { id, kind, family, text, secrets } = sample;
    const row = rows.get(kind) ?? { kind, family, positives: 0, found: 0, falsePositives: 0 };
    rows.set(kind, row);
    if (secrets.length === 0) negatives += 1;
    const { findings } = mask(text);
    for (const secret of secrets) {
      row.positives += 1;
      if (isCovered(text, secret, findings)) row.found += 1;
      else missed.push(`${id}: ${text}`);
    }
    for (const { kind: found, start, length } of findings.filter((finding) => !isOfSecret(sample, finding))) {
      row.falsePositives += 1;
      wrong.push(`${id}: ${found} ${text.slice(start, start + length)} in ${text}`);
    }
  }
  return { part: "outsider", rows: [...rows.values()], negatives, missed, wrong };
}

function isCovered(text: string, { start, end }: MarkedText["secrets"][number], findings: readonly Finding[]): boolean {
  for (let at = start; at < end; at += 1)
    if (/[\p{L}\p{N}]/u.test(text.charAt(at)) && !findings.some((f) => f.start <= at && at < f.start + f.length))
      return false;
  return true;
}

/** A find that goes beyond its secret is false too, save the frame of a key, which is masked with it. */
function isOfSecret({ text, secrets }: MarkedText, { start, length }: Finding): boolean {
  const end = start + length;
  const framed = text.slice(start, end).includes("PRIVATE KEY-----");
  return secrets.some(
    (secret) =>
      start < secret.end &&
      secret.start < end &&
      (framed || (start >= secret.start - BESIDE && end <= secret.end + BESIDE)),
  );
}
