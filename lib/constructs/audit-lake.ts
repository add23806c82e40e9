import { Aws } from "aws-cdk-lib";
import { CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import { CfnDatabase, CfnTable } from "aws-cdk-lib/aws-glue";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { RECORD_COLUMNS } from "../../lambdas/domain/evidence/columns.ts";
import { TRANSCRIPTS } from "../constants.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface AuditLakeProps {
  readonly maskedVault: IBucket;
  readonly key: IKey;
  readonly accessLogs: IBucket;
}

/** Bytes that one auditor's query may scan: a mistyped query over years costs at most half a dollar. */
const SCAN_LIMIT = 100 * 1024 ** 3;

/** Athena over the masked vault: a Glue table with projected partitions, and a workgroup whose settings auditors cannot change. */
export class AuditLake extends Construct {
  readonly workgroup: string = "countersign-auditors";

  constructor(scope: Construct, id: string, { maskedVault, key, accessLogs }: AuditLakeProps) {
    super(scope, id);
    const results = new PrivateBucket(this, "Results", {
      key,
      accessLogs,
      logPrefix: "query-results/",
      notReplicatedBecause: "Results of queries can be made again from the vault at any time.",
    });

    const database = new CfnDatabase(this, "Database", {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: "countersign" },
    });
    const location = `s3://${maskedVault.bucketName}/${TRANSCRIPTS}`;
    const table = new CfnTable(this, "Records", {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: "countersign",
      tableInput: {
        name: "records",
        tableType: "EXTERNAL_TABLE",
        partitionKeys: [
          { name: "dt", type: "string" },
          { name: "hh", type: "string" },
        ],
        parameters: {
          "projection.enabled": "true",
          "projection.dt.type": "date",
          "projection.dt.format": "yyyy-MM-dd",
          "projection.dt.range": "2026-01-01,NOW",
          "projection.hh.type": "integer",
          "projection.hh.range": "0,23",
          "projection.hh.digits": "2",
          // Athena's own placeholders, not ours.
          "storage.location.template": `${location}dt=\${dt}/hh=\${hh}/`,
        },
        storageDescriptor: {
          location,
          inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          serdeInfo: {
            serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
            parameters: { "case.insensitive": "TRUE" },
          },
          columns: RECORD_COLUMNS.map(({ name, type }) => ({ name: name.toLowerCase(), type: type.toLowerCase() })),
        },
      },
    });
    table.addResourceDependency(database);

    new CfnWorkGroup(this, "Auditors", {
      name: this.workgroup,
      recursiveDeleteOption: false,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: SCAN_LIMIT,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: key.keyArn },
        },
      },
    });
  }
}
