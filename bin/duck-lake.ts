import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { RECORD_COLUMNS } from "../lambdas/domain/evidence/columns.ts";
import { viewDdl } from "../lib/queries/ddl.ts";
import { VIEWS } from "../lib/queries/views.ts";
import { duckType } from "./duck-type.ts";

/** Functions of Trino's that DuckDB calls otherwise: so that one text asks both. */
const TRINO_WORDS = [
  "array_join(list, separator) AS array_to_string(list, separator)",
  "cardinality(list) AS len(list)",
  "element_at(list, place) AS list[place]",
  "sequence(first, last) AS generate_series(first, last)",
  "json_extract_scalar(json, path) AS json_extract_string(json, path)",
  "from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)",
];

/** An object of the archive: JSON Lines, gzipped or not. */
export interface LakeFile {
  /** Its key, whose `dt=` and `hh=` are its partition. */
  readonly key: string;
  readonly bytes: Uint8Array | string;
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * The lake on this machine: the table and views that Athena has, over copies of these objects.
 *
 * @param parameters what each `?` of the query stands for
 */
export async function askDuck(
  files: AsyncIterable<LakeFile> | Iterable<LakeFile>,
  sql: string,
  parameters: readonly string[] = [],
): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    let count = 0;
    for await (const { key, bytes } of files) {
      // Of a key only its partition is taken over: it is not we who name the files of a folder.
      const [partition = ""] = /dt=[\d-]+\/hh=\d+/.exec(key) ?? [];
      const suffix = typeof bytes === "string" ? "jsonl" : "jsonl.gz";
      const file = join(folder, partition, `${count}.${suffix}`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
      count += 1;
    }
    // A pattern that meets no file is an error to DuckDB; an archive without objects is none.
    if (count === 0) await writeFile(join(folder, "none.jsonl"), "");
    for (const macro of TRINO_WORDS) await connection.run(`CREATE MACRO ${macro}`);
    await connection.run(`CREATE VIEW records AS ${recordsSql(folder)}`);
    for (const view of VIEWS) await connection.run(viewDdl(view));
    return (await connection.runAndReadAll(sql, [...parameters])).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

function recordsSql(folder: string): string {
  const columns = RECORD_COLUMNS.map(({ name, type }) => `"${name}": '${duckType(type)}'`).join(", ");
  const partition = (name: string) => `regexp_extract(filename, '[\\\\/]${name}=([0-9-]+)', 1) AS ${name}`;
  const path = join(folder, "**", "*.jsonl*").replaceAll("'", "''");
  return `SELECT * EXCLUDE (filename), ${partition("dt")}, ${partition("hh")}
    FROM read_json('${path}', format = 'newline_delimited', filename = true, columns = {${columns}})`;
}
