import { stringify } from "csv-stringify/sync";
import { viewDdl } from "../../lib/queries/ddl.ts";
import { NAMED_QUERIES } from "../../lib/queries/index.ts";
import { COVERED, type NamedQuery, namedQueryText } from "../../lib/queries/named-query.ts";
import { VIEWS } from "../../lib/queries/views.ts";
import { archivedObjects, maskedArchive } from "../archive.ts";
import { askAthena } from "../athena.ts";
import { askDuck, type Row } from "../duck-lake.ts";
import type { Place } from "../place.ts";
import { table } from "../table.ts";
import { printedJson, visible } from "../visible.ts";

export interface QueryOptions {
  /** First and last day of arrival in the archive, `YYYY-MM-DD`, UTC. */
  readonly from?: string;
  readonly until?: string;
  /** Asks Athena; without it DuckDB, on this machine. */
  readonly athena?: boolean;
  /** A copy of the masked vault, instead of the vault itself. */
  readonly folder?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

const DAY = 86_400_000;
/** Days that a named query reads when nothing is said. */
const USUAL_DAYS = 31;

/** What was found, and how far it was looked. */
export interface Answer {
  readonly rows: readonly Row[];
  /** In words. */
  readonly covers: string;
}

/**
 * Answers a named query, or SQL over the archive, as a text; and says what it covers, apart, so that rows can be piped.
 *
 * @param asked name of a query, or SQL over `records` and the views
 * @throws Error that says what is wrong with the question
 */
export async function query(
  place: Place,
  asked: string,
  options: QueryOptions,
): Promise<{ readonly text: string; readonly covers: string }> {
  const { rows, covers } = await answer(place, asked, options);
  if (options.json) return { text: printedJson(rows), covers };
  // A spreadsheet would run a text that begins like a formula.
  if (options.csv) return { text: stringify([...rows], { header: true, escape_formulas: true }).trimEnd(), covers };
  return { text: [...headOf(asked, rows), table(rows)].join("\n"), covers };
}

/** The rows and the range that they cover. */
export async function answer(place: Place, asked: string, options: QueryOptions): Promise<Answer> {
  const named = NAMED_QUERIES.find(({ name }) => name === asked);
  if (named === undefined && /^[\w-]+$/.test(asked))
    throw new Error(`there is no query ${asked}; countersign query --list tells their names`);
  const [from, until] = [dayOf("--from", options.from), dayOf("--until", options.until)];
  if (named === undefined) return free(place, asked, options, { from, until });
  const now = Date.now();
  const period = {
    from: from ?? new Date(now - (USUAL_DAYS - 1) * DAY).toISOString().slice(0, 10),
    until: until ?? new Date(now).toISOString().slice(0, 10),
  };
  const text = namedQueryText(named);
  const found = options.athena
    ? await askAthena(place.environment, text, [period.from, period.until])
    : await askDuck(archivedObjects(maskedArchive(place, options.folder), period), text, [period.from, period.until]);
  return split(found, period);
}

/** SQL of somebody's own: DuckDB reads the days that were asked for; in Athena its own conditions say what it reads. */
async function free(
  place: Place,
  sql: string,
  { athena, folder }: QueryOptions,
  period: { readonly from: string | undefined; readonly until: string | undefined },
): Promise<Answer> {
  if (athena) {
    if (period.from !== undefined || period.until !== undefined)
      throw new Error("SQL of your own says itself which days it reads: WHERE dt BETWEEN …");
    return {
      rows: await askAthena(place.environment, sql, []),
      covers: "Covers the days that its own conditions on dt name.",
    };
  }
  const source = maskedArchive(place, folder);
  const rows = await askDuck(archivedObjects(source, period), sql);
  const days = `${period.from ?? "the first day"} to ${period.until ?? "today"}`;
  return { rows, covers: `Covers what arrived in the archive from ${days} (UTC).` };
}

/** Parts the answer's own columns from those that say what it covers. */
function split(found: readonly Row[], { from, until }: { readonly from: string; readonly until: string }): Answer {
  const [first] = found;
  const rows = found
    .filter(({ answer_row: number }) => number !== null)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !COVERED.some((own) => own === name))));
  const days = `what arrived in the archive from ${from} to ${until} (UTC)`;
  const covers =
    first?.covered_from == null
      ? `Covers nothing: no record is in ${days}, and an empty answer says nothing.`
      : `Covers ${days}: ${first.covered_records} records, written from ${first.covered_from} to ${first.covered_until}.`;
  return { rows, covers };
}

function headOf(asked: string, rows: readonly Row[]): string[] {
  const named = NAMED_QUERIES.find(({ name }) => name === asked);
  if (named === undefined) return [];
  const wanted =
    named.wants === "rows"
      ? []
      : [rows.length === 0 ? "No row, as it should be." : `Every row is something to look into: ${rows.length}.`];
  return [`${named.question} (${named.controls.join(", ")})`, ...wanted, ""];
}

/** The names, for choosing one; or all that Athena runs, for a lake that this app did not deploy. */
export function listQueries({ json, sql }: { readonly json?: boolean; readonly sql?: boolean }): string {
  if (sql) return [...VIEWS.map(viewDdl), ...NAMED_QUERIES.map(namedQueryText)].map((text) => `${text};\n`).join("\n");
  const rows = NAMED_QUERIES.map(({ name, controls, wants, question }: NamedQuery) => ({
    name,
    controls: controls.join(", "),
    wants,
    question,
  }));
  return json ? printedJson(rows) : table(rows);
}

/** The rows that a query over these records gives. */
export function rowsOf(lines: readonly string[], sql: string): Promise<Row[]> {
  return askDuck([{ key: "records", bytes: lines.map((line) => `${line}\n`).join("") }], sql);
}

function dayOf(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new Error(`${option} ${visible(value)} is no day; write it like 2026-11-21`);
  return value;
}
