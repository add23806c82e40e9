import { RECORD_COLUMNS } from "../../lambdas/domain/evidence/columns.ts";

/** A column of a Glue table, in Hive's words. */
export interface LakeColumn {
  readonly name: string;
  readonly type: string;
}

/** A table over the lines of one vault. */
export interface LakeTable {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly LakeColumn[];
}

/** The masked vault: every record, with masked bodies. Delivered at least once: a record may be there twice. */
export const RECORDS: LakeTable = {
  name: "records",
  about: "Every record of the masked vault; a record may lie in two objects.",
  columns: RECORD_COLUMNS.map(({ name, type }) => ({ name: name.toLowerCase(), type: type.toLowerCase() })),
};

/** The sealed vault: which originals there are. What is sealed has no column: it is ciphertext. */
export const SEALED: LakeTable = {
  name: "sealed_records",
  about: "Which records the sealed vault holds originals of; what is sealed is not among the columns.",
  columns: [
    {
      name: "record",
      type: "struct<id:string,type:string,occurredat:string,recordedat:string,session:string,call:string,server:string,method:string,target:string,outcome:string,request:struct<originalhash:string,originalbytes:bigint,sealedhash:string,key:string>,response:struct<originalhash:string,originalbytes:bigint,sealedhash:string,key:string>>",
    },
    { name: "signature", type: "string" },
  ],
};

/** Partitions: the hour of arrival, UTC. */
export const PARTITIONS: readonly LakeColumn[] = [
  { name: "dt", type: "string" },
  { name: "hh", type: "string" },
];

export const SERDE = "org.openx.data.jsonserde.JsonSerDe";

/** Partition projection: Athena works the hours out, and asks no catalogue. Outside its range it answers with no row and no error. */
export const projection = (location: string): Record<string, string> => ({
  "projection.enabled": "true",
  "projection.dt.type": "date",
  "projection.dt.format": "yyyy-MM-dd",
  "projection.dt.range": "2026-01-01,NOW",
  "projection.hh.type": "integer",
  "projection.hh.range": "0,23",
  "projection.hh.digits": "2",
  // Athena's own placeholders, not ours.
  "storage.location.template": `${location}dt=\${dt}/hh=\${hh}/`,
});

/** What the lake is called in Glue and Athena. */
export const LAKE = { database: "countersign", workgroup: "countersign-auditors" } as const;
