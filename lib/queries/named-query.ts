import { onceSql, viewSql } from "./view.ts";
import { VIEWS } from "./views.ts";

/** A question of a control, asked of the archive. */
export interface NamedQuery {
  readonly name: string;
  /** What it answers, for people. */
  readonly question: string;
  /** NIST SP 800-53 Rev 5 controls (catalog 5.1.1) whose question it is. */
  readonly controls: readonly string[];
  /** Whether every row is something to look into: then none is the good answer. */
  readonly wants: "rows" | "none";
  /** A `SELECT` without order over `once` (every record, once) and the views. Trino's words. */
  readonly sql: string;
  /** What the rows are ordered by: columns of the answer. */
  readonly order: string;
}

/** Columns that each row of an answer bears beside its own: a query that found nothing still says how far it looked. */
export const COVERED = ["answer_row", "covered_from", "covered_until", "covered_records"] as const;

/**
 * The text that runs in Athena and, word for word, in DuckDB. Its two parameters are the first and last day (`YYYY-MM-DD`,
 * UTC, by arrival in the archive) that it reads.
 *
 * There is always a first row: with `answer_row` null when nothing was found.
 */
export function namedQueryText({ name, question, controls, wants, sql, order }: NamedQuery): string {
  const used = VIEWS.filter((view) => new RegExp(`\\b(FROM|JOIN) ${view.name}\\b`).test(sql));
  const steps = [
    `once AS (\n${onceSql("dt BETWEEN ? AND ?")}\n)`,
    ...used.map((view) => `${view.name} AS (\n${viewSql(view)}\n)`),
    `found AS (\n${sql.trim()}\n)`,
    `answer AS (SELECT found.*, row_number() OVER (ORDER BY ${order}) AS answer_row FROM found)`,
    "covered AS (SELECT min(recordedAt) AS covered_from, max(recordedAt) AS covered_until, count(*) AS covered_records FROM once)",
  ];
  return [
    `-- ${name} (${controls.join(", ")}): ${question}`,
    ...(wants === "none" ? ["-- Every row is something to look into."] : []),
    `WITH ${steps.join(",\n")}`,
    "SELECT answer.*, covered.covered_from, covered.covered_until, covered.covered_records",
    "FROM covered LEFT JOIN answer ON TRUE",
    "ORDER BY answer_row",
  ].join("\n");
}
