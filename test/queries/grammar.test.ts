import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { compactDdl, compactStatement } from "../../lib/queries/compaction.ts";
import { tableDdl, viewDdl } from "../../lib/queries/ddl.ts";
import { NAMED_QUERIES } from "../../lib/queries/index.ts";
import { namedQueryText } from "../../lib/queries/named-query.ts";
import { RECORDS, SEALED } from "../../lib/queries/tables.ts";
import { VIEWS } from "../../lib/queries/views.ts";

interface Grammar {
  validate(sql: string): readonly { readonly message: string }[];
}

/** The package's modules name folders, which Node does not load: it is bundled first. */
async function grammars(): Promise<{ trino: Grammar; hive: Grammar }> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import { HiveSQL, TrinoSQL } from "dt-sql-parser"; module.exports = { HiveSQL, TrinoSQL };',
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
    logLevel: "error",
  });
  const holder = { exports: {} as { TrinoSQL: new () => Grammar; HiveSQL: new () => Grammar } };
  new Function("module", "exports", outputFiles[0]?.text ?? "")(holder, holder.exports);
  return { trino: new holder.exports.TrinoSQL(), hive: new holder.exports.HiveSQL() };
}

describe("what Athena is given to run", () => {
  let trino: Grammar;
  let hive: Grammar;
  beforeAll(async () => {
    ({ trino, hive } = await grammars());
  });
  const faults = (grammar: Grammar, sql: string) => grammar.validate(sql).map(({ message }) => message);

  test.each(NAMED_QUERIES.map((query) => [query.name, namedQueryText(query)]))("%s is Trino's SQL", (_, text) => {
    expect(faults(trino, text)).toEqual([]);
  });

  test.each(VIEWS.map((view) => [view.name, viewDdl(view)]))("the view %s is Trino's SQL", (_, text) => {
    expect(faults(trino, text)).toEqual([]);
  });

  test.each([RECORDS, SEALED].map((table) => [table.name, tableDdl(table, "s3://vault/transcripts/")]))(
    "the table %s is Hive's SQL, which Athena creates external tables in",
    (_, text) => {
      expect(faults(hive, text)).toEqual([]);
    },
  );

  test("the statement that compacts a day is Trino's SQL, and its table Hive's", () => {
    expect(faults(trino, compactStatement())).toEqual([]);
    expect(faults(hive, compactDdl("s3://compacted/records/"))).toEqual([]);
    expect(faults(trino, compactStatement().replace("PARTITION BY", "PARTITION"))).not.toEqual([]);
  });

  test.each([RECORDS, SEALED].map((table) => [table.name, table.columns] as const))(
    "the columns of %s have types of Trino's",
    (_, columns) => {
      const casts = columns.map(({ name, type }) => `CAST(NULL AS ${trinoType(type)}) AS "${name}"`);
      expect(faults(trino, `SELECT ${casts.join(", ")}`)).toEqual([]);
    },
  );

  test("a mistake is found", () => {
    const text = namedQueryText(NAMED_QUERIES[0] as (typeof NAMED_QUERIES)[number]);
    expect(faults(trino, text.replace("LEFT JOIN", "LEFT LEFT JOIN"))).not.toEqual([]);
    expect(faults(hive, tableDdl(RECORDS, "s3://v/").replace("ROW FORMAT", "ROW ROW FORMAT"))).not.toEqual([]);
  });

  test("names are told apart, and every query names a control and what its rows are ordered by", () => {
    expect(NAMED_QUERIES.length).toBeGreaterThanOrEqual(15);
    expect(new Set(NAMED_QUERIES.map(({ name }) => name)).size).toBe(NAMED_QUERIES.length);
    for (const { name, controls, question } of NAMED_QUERIES) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(controls.length).toBeGreaterThan(0);
      for (const control of controls) expect(control).toMatch(/^[A-Z]{2}-\d+(\(\d+\))?$/);
      expect(question).toMatch(/[?)]$/);
    }
  });
});

test("docs/queries.md lists every query as it is", () => {
  const [, listed] =
    /<!-- queries -->\n([\s\S]*?)<!-- \/queries -->/.exec(readFileSync("docs/queries.md", "utf8")) ?? [];
  const rows = NAMED_QUERIES.map(
    ({ name, controls, wants, question }) => `| \`${name}\` | ${question} | ${controls.join(", ")} | ${wants} |`,
  );
  expect(listed?.trim().split("\n").slice(2)).toEqual(rows);
});

const trinoType = (type: string): string =>
  type
    .replaceAll("string", "varchar")
    .replaceAll(/\bint\b/g, "integer")
    .replaceAll(/(\w+):/g, '"$1" ')
    .replaceAll("struct<", "row(")
    .replaceAll(/(array|map)</g, "$1(")
    .replaceAll(">", ")");
