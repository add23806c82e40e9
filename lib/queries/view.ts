/** A type in Trino's words. */
export type TrinoType = "varchar" | "bigint" | "array(varchar)";

/** A view that an auditor reads: one row for each thing it is named for, however often its records were archived. */
export interface View {
  readonly name: string;
  /** What a row is, for people. */
  readonly about: string;
  readonly columns: readonly { readonly name: string; readonly type: TrinoType; readonly sql: string }[];
  /** Everything from `FROM` on; reads `once`. */
  readonly from: string;
}

/**
 * Every record once. Delivery to the archive is at least once, so a record may lie in two objects; its bytes are the same in both.
 *
 * @param where condition on the partitions, or none
 */
export const onceSql = (where: string | null): string =>
  `SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY dt, hh) AS nth FROM records${
    where === null ? "" : ` WHERE ${where}`
  }) WHERE nth = 1`;

/** The `SELECT` of a view. */
export const viewSql = ({ columns, from }: View): string =>
  `SELECT\n  ${columns.map(({ name, sql }) => (name === sql ? name : `${sql} AS ${name}`)).join(",\n  ")}\n${from}`;
