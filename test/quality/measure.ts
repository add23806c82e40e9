import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { compileMasking, maskText } from "../../lambdas/domain/masking/index.ts";
import { RULES } from "../../lambdas/domain/masking/rules/index.ts";
import { parseMasking } from "../../lib/config/masking.ts";
import { negatives, type Part, positives } from "../corpus/index.ts";

/** What is to be reached on each part of the corpus. */
export const TARGETS = { credential: 0.97, personal: 0.95, precision: 0.95 } as const;

export interface Row {
  readonly kind: string;
  readonly family: "credential" | "personal";
  positives: number;
  found: number;
  /** Finds in harmless texts, and beside the secret in the others; under the kind that was found. */
  falsePositives: number;
}

export interface Quality {
  readonly part: Part | "outsider";
  readonly rows: readonly Row[];
  readonly negatives: number;
  /** What went wrong: ids with text, never more than the corpus holds itself. */
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
}

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "quality").update(value).digest("hex");
/** What masking finds in a text by the shipped configuration. */
export const mask = (text: string) => maskText(text, rules, tag);

/** Masks every text of a part as the gateway would, with the shipped configuration. */
export function measure(part: Part): Quality {
  const rows = new Map<string, Row>();
  const family = new Map(RULES.map((rule) => [rule.kind, rule.family]));
  const row = (kind: string): Row => {
    const known = rows.get(kind) ?? {
      kind,
      family: family.get(kind) ?? "credential",
      positives: 0,
      found: 0,
      falsePositives: 0,
    };
    rows.set(kind, known);
    return known;
  };
  const missed: string[] = [];
  const wrong: string[] = [];
  for (const { id, kind, text, secret = "" } of positives(part)) {
    row(kind).positives += 1;
    const masked = mask(text).text;
    if (isGone(masked, secret)) row(kind).found += 1;
    else missed.push(`${id}: ${text} -> ${masked}`);
    // With the secret already masked nothing else in the carrier may be found.
    const rest = text.replaceAll(secret, "[PASSWORD]");
    for (const finding of mask(rest).findings) {
      // A find that takes in the place of the secret, such as the frame of a key, is the secret's.
      if (rest.slice(finding.start, finding.start + finding.length).includes("[PASSWORD]")) continue;
      row(finding.kind).falsePositives += 1;
      wrong.push(`${id} beside: ${finding.kind} in ${text}`);
    }
  }
  const harmless = negatives(part);
  for (const { id, text } of harmless)
    for (const { kind, start, length } of mask(text).findings) {
      row(kind).falsePositives += 1;
      wrong.push(`${id}: ${kind} ${text.slice(start, start + length)} in ${text}`);
    }
  return { part, rows: [...rows.values()], negatives: harmless.length, missed, wrong };
}

/** Whether nothing that would help is left: not the secret, nor half of it. */
function isGone(masked: string, secret: string): boolean {
  const half = secret.slice(0, Math.ceil(secret.length / 2));
  const rest = secret.slice(Math.floor(secret.length / 2));
  return !masked.includes(secret) && (secret.length < 8 || (!masked.includes(half) && !masked.includes(rest)));
}

export interface Totals {
  readonly positives: number;
  readonly found: number;
  readonly falsePositives: number;
  readonly recall: number;
  readonly precision: number;
}

/** Sums of some rows; of none, nothing was missed. */
export function totals(rows: readonly Row[]): Totals {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [all, found, falsePositives] = [sum((r) => r.positives), sum((r) => r.found), sum((r) => r.falsePositives)];
  return {
    positives: all,
    found,
    falsePositives,
    recall: all === 0 ? 1 : found / all,
    precision: found + falsePositives === 0 ? 1 : found / (found + falsePositives),
  };
}

/** What falls short of the targets, in words; nothing when all is reached. */
export function shortfalls({ part, rows }: Quality): string[] {
  return (["credential", "personal"] as const).flatMap((family) => {
    const { recall, precision } = totals(rows.filter((row) => row.family === family));
    return [
      ...(recall < TARGETS[family]
        ? [`${part}: recall of ${family} ${recall.toFixed(3)}, target ${TARGETS[family]}`]
        : []),
      ...(precision < TARGETS.precision
        ? [`${part}: precision of ${family} ${precision.toFixed(3)}, target ${TARGETS.precision}`]
        : []),
    ];
  });
}
