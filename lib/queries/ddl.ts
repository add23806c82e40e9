import { type LakeTable, PARTITIONS, projection, SERDE } from "./tables.ts";
import { onceSql, type View, viewSql } from "./view.ts";

/** A table as Athena creates it, for a lake that this app did not deploy, such as one over a replica: Hive's words. */
export function tableDdl({ name, columns }: LakeTable, location: string): string {
  const list = (all: readonly { readonly name: string; readonly type: string }[]) =>
    // A field of a struct may be a word that Hive keeps for itself.
    all.map((column) => `  \`${column.name}\` ${column.type.replaceAll(/([<,])(\w+):/g, "$1`$2`:")}`).join(",\n");
  const properties = Object.entries(projection(location)).map(([key, value]) => `  '${key}' = '${value}'`);
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`${name}\` (\n${list(columns)}\n)`,
    `PARTITIONED BY (\n${list(PARTITIONS)}\n)`,
    `ROW FORMAT SERDE '${SERDE}'`,
    "WITH SERDEPROPERTIES ('case.insensitive' = 'TRUE')",
    `LOCATION '${location}'`,
    `TBLPROPERTIES (\n${properties.join(",\n")}\n)`,
  ].join("\n");
}

/** A view's query on its own: over the whole archive. */
export const standingViewSql = (view: View): string => `WITH once AS (\n${onceSql(null)}\n)\n${viewSql(view)}`;

/** A view as Athena, or DuckDB, creates it. */
export const viewDdl = (view: View): string => `CREATE OR REPLACE VIEW ${view.name} AS\n${standingViewSql(view)}`;

/** A view as Athena keeps it in Glue: its query as Presto's JSON, in base64, in a comment. */
export function glueViewText(view: View, database: string): string {
  const columns = view.columns.map(({ name, type }) => ({ name, type }));
  const text = JSON.stringify({
    originalSql: standingViewSql(view),
    catalog: "awsdatacatalog",
    schema: database,
    columns,
  });
  return `/* Presto View: ${Buffer.from(text).toString("base64")} */`;
}

/** A column's type in Hive's words. */
export const hiveType = (type: View["columns"][number]["type"]): string =>
  ({ varchar: "string", bigint: "bigint", "array(varchar)": "array<string>" })[type];
