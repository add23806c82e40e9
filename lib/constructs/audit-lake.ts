import { Aws } from "aws-cdk-lib";
import { CfnNamedQuery, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import { CfnDatabase, CfnTable } from "aws-cdk-lib/aws-glue";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { TRANSCRIPTS } from "../../lambdas/domain/evidence/prefixes.ts";
import { COMPACT, COMPACT_PARTITION, compactProjection, compactStatement } from "../queries/compaction.ts";
import { glueViewText, hiveType } from "../queries/ddl.ts";
import { NAMED_QUERIES } from "../queries/index.ts";
import { namedQueryText } from "../queries/named-query.ts";
import { LAKE, type LakeTable, PARTITIONS, projection, RECORDS, SEALED, SERDE } from "../queries/tables.ts";
import { VIEWS } from "../queries/views.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface AuditLakeProps {
  readonly maskedVault: IBucket;
  readonly sealedVault: IBucket;
  /** The masked vault's: what Athena copies of it is as it is. */
  readonly key: IKey;
  readonly accessLogs: IBucket;
}

/** Bytes that one auditor's query may scan: a mistyped query over years costs at most half a dollar. */
const SCAN_LIMIT = 100 * 1024 ** 3;

/**
 * Athena over the vaults: tables with projected partitions, views and named queries, and a workgroup whose settings auditors
 * cannot change. Of the sealed vault only what describes its originals: they are ciphertext.
 */
export class AuditLake extends Construct {
  readonly workgroup: string = LAKE.workgroup;
  /** The archive in Parquet, which Athena writes a day at a time. */
  readonly compacted: PrivateBucket;

  constructor(scope: Construct, id: string, { maskedVault, sealedVault, key, accessLogs }: AuditLakeProps) {
    super(scope, id);
    // Whoever is let see what others asked is let see that, and not the archive.
    const resultsKey = new EncryptionKey(this, "ResultsKey", {
      description: "Countersign: results of auditors' queries",
      removable: true,
    });
    const results = new PrivateBucket(this, "Results", {
      key: resultsKey,
      accessLogs,
      logPrefix: "query-results/",
      notReplicatedBecause: "Results of queries can be made again from the vault at any time.",
    });

    this.compacted = new PrivateBucket(this, "Compacted", {
      key,
      accessLogs,
      logPrefix: "compacted/",
      notReplicatedBecause: "What it holds can be made again from the vault at any time.",
    });

    const database = new CfnDatabase(this, "Database", {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: LAKE.database },
    });
    const tables = [
      this.tableOver(maskedVault, "Records", RECORDS),
      this.tableOver(sealedVault, "SealedRecords", SEALED),
    ];
    for (const table of tables) table.addResourceDependency(database);

    for (const view of VIEWS) {
      const glue = new CfnTable(this, `View${view.name}`, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: LAKE.database,
        tableInput: {
          name: view.name,
          description: view.about,
          tableType: "VIRTUAL_VIEW",
          parameters: { presto_view: "true", comment: "Presto View" },
          viewOriginalText: glueViewText(view, LAKE.database),
          viewExpandedText: "/* Presto View */",
          storageDescriptor: {
            columns: view.columns.map(({ name, type }) => ({ name, type: hiveType(type) })),
            serdeInfo: {},
          },
        },
      });
      for (const table of tables) glue.addResourceDependency(table);
    }

    const workgroup = new CfnWorkGroup(this, "Auditors", {
      name: this.workgroup,
      recursiveDeleteOption: false,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: SCAN_LIMIT,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: resultsKey.keyArn },
        },
      },
    });

    this.compaction(database, key);

    for (const query of NAMED_QUERIES) {
      const named = new CfnNamedQuery(this, `Query${query.name}`, {
        name: query.name,
        description: `${query.question} (${query.controls.join(", ")})`,
        database: LAKE.database,
        workGroup: this.workgroup,
        queryString: namedQueryText(query),
      });
      named.addResourceDependency(workgroup);
    }
  }

  /** The table in Parquet, and the workgroup in which it is filled: no auditor's scan limit, and results of its own. */
  private compaction(database: CfnDatabase, key: IKey): void {
    const location = `s3://${this.compacted.bucketName}/${COMPACT.prefix}`;
    const table = new CfnTable(this, "CompactRecords", {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: LAKE.database,
      tableInput: {
        name: COMPACT.name,
        description: COMPACT.about,
        tableType: "EXTERNAL_TABLE",
        partitionKeys: [COMPACT_PARTITION],
        parameters: compactProjection(location),
        storageDescriptor: {
          location,
          inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
          serdeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
          columns: [...COMPACT.columns],
        },
      },
    });
    table.addResourceDependency(database);
    const workgroup = new CfnWorkGroup(this, "Compaction", {
      name: COMPACT.workgroup,
      recursiveDeleteOption: false,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${this.compacted.bucketName}/statements/`,
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: key.keyArn },
        },
      },
    });
    const named = new CfnNamedQuery(this, "CompactQuery", {
      name: COMPACT.query,
      description: COMPACT.about,
      database: LAKE.database,
      workGroup: COMPACT.workgroup,
      queryString: compactStatement(),
    });
    named.addResourceDependency(workgroup);
  }

  /** A table whose partitions Athena works out by itself. */
  private tableOver(vault: IBucket, id: string, { name, about, columns }: LakeTable): CfnTable {
    const location = `s3://${vault.bucketName}/${TRANSCRIPTS}`;
    return new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: LAKE.database,
      tableInput: {
        name,
        description: about,
        tableType: "EXTERNAL_TABLE",
        partitionKeys: [...PARTITIONS],
        parameters: projection(location),
        storageDescriptor: {
          location,
          inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          serdeInfo: { serializationLibrary: SERDE, parameters: { "case.insensitive": "TRUE" } },
          columns: [...columns],
        },
      },
    });
  }
}
