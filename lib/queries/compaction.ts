import type { LakeColumn } from "./tables.ts";

/** A column of the compacted table: its type in Hive's words, and what it is of a record, in Trino's. */
interface CompactColumn extends LakeColumn {
  readonly sql: string;
}

const same = (name: string): CompactColumn => ({ name: name.toLowerCase(), type: "string", sql: name });

/**
 * What is kept of a record, flat: who did what, when, how it was decided and how it ended. No bodies: they are what makes the
 * archive large, and what a quarantine hides later.
 */
const COLUMNS: readonly CompactColumn[] = [
  ...["id", "type", "occurredAt", "recordedAt", "component", "session", "call", "server", "method", "target"].map(same),
  same("outcome"),
  { name: "principal", type: "string", sql: "principal.id" },
  { name: "kind", type: "string", sql: "principal.kind" },
  { name: "person", type: "string", sql: "coalesce(principal.initiator, principal.person, principal.id)" },
  { name: "client", type: "string", sql: "principal.client" },
  { name: "ip", type: "string", sql: "source.ip" },
  { name: "decision", type: "string", sql: "decision.kind" },
  { name: "policies", type: "array<string>", sql: "decision.policies" },
  { name: "risks", type: "array<string>", sql: "risks" },
  { name: "approval", type: "string", sql: "approval.id" },
  { name: "grant_id", type: "string", sql: '"grant".id' },
  { name: "bytes_in", type: "bigint", sql: "request.originalBytes" },
  { name: "bytes_out", type: "bigint", sql: "response.originalBytes" },
  {
    name: "masked",
    type: "bigint",
    sql: "coalesce(request.findingCount, 0) + coalesce(response.findingCount, 0)",
  },
  { name: "duration_ms", type: "bigint", sql: "durationMs" },
];

/** Every record once, without bodies, in Parquet: a day a partition. */
export const COMPACT = {
  name: "records_compact",
  about: "Every record once, flat and without bodies, in Parquet; filled two days later, each day by itself.",
  columns: COLUMNS.map(({ name, type }): LakeColumn => ({ name, type })),
  /** Prefix in its bucket, below which each day has a folder. */
  prefix: "records/",
  /** Name of the saved query that fills it, and the workgroup that runs it. */
  query: "compact-a-day",
  workgroup: "countersign-compaction",
} as const;

export const COMPACT_PARTITION: LakeColumn = { name: "dt", type: "string" };

/** Folder of a day. */
export const compactFolder = (day: string): string => `${COMPACT.prefix}${COMPACT_PARTITION.name}=${day}/`;

/** Partition projection, as of the table that it is made from. */
export const compactProjection = (location: string): Record<string, string> => ({
  "projection.enabled": "true",
  "projection.dt.type": "date",
  "projection.dt.format": "yyyy-MM-dd",
  "projection.dt.range": "2026-01-01,NOW",
  // Athena's own placeholder, not ours.
  "storage.location.template": `${location}dt=\${dt}/`,
  "parquet.compression": "ZSTD",
});

/** What is read of a day of arrival (the one parameter): each record once. DuckDB understands it as well. */
export const compactSelect = (): string =>
  [
    `SELECT\n  ${COLUMNS.map(({ name, sql }) => `${sql} AS ${name}`).join(",\n  ")},\n  dt`,
    "FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY hh) AS nth FROM records WHERE dt = ?)",
    "WHERE nth = 1",
  ].join("\n");

/** The statement that fills a day: Athena reads and writes, and nothing passes through a function. */
export const compactStatement = (): string =>
  `INSERT INTO ${COMPACT.name} (${[...COLUMNS, COMPACT_PARTITION].map(({ name }) => name).join(", ")})\n${compactSelect()}`;

/** The table as Athena creates it, for a lake that this app did not deploy: Hive's words. */
export function compactDdl(location: string): string {
  const list = (columns: readonly LakeColumn[]) => columns.map(({ name, type }) => `  \`${name}\` ${type}`).join(",\n");
  const properties = Object.entries(compactProjection(location)).map(([key, value]) => `  '${key}' = '${value}'`);
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`${COMPACT.name}\` (\n${list(COMPACT.columns)}\n)`,
    `PARTITIONED BY (\n${list([COMPACT_PARTITION])}\n)`,
    "STORED AS PARQUET",
    `LOCATION '${location}'`,
    `TBLPROPERTIES (\n${properties.join(",\n")}\n)`,
  ].join("\n");
}
