import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { RECORD_COLUMNS } from "../../lambdas/domain/evidence/columns.ts";
import { archivedLines } from "../archive.ts";
import { duckType } from "../duck-type.ts";
import type { Place } from "../place.ts";
import { table } from "../table.ts";

/** Runs SQL over the masked archive with DuckDB; the view `records` has the columns of the Glue table. */
export async function query(place: Place, sql: string, { json }: { json?: boolean }): Promise<string> {
  const rows = await rowsOf(await archivedLines(place), sql);
  return json ? JSON.stringify(rows, null, 2) : table(rows);
}

/** The rows that a query over these records gives. */
export async function rowsOf(lines: readonly string[], sql: string): Promise<Record<string, unknown>[]> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const file = join(folder, "records.jsonl");
    await writeFile(file, lines.map((line) => `${line}\n`).join(""));
    const columns = RECORD_COLUMNS.map(({ name, type }) => `"${name}": '${duckType(type)}'`).join(", ");
    await connection.run(
      `CREATE VIEW records AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {${columns}})`,
    );
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
