import { BackupPlan, BackupResource, BackupVault } from "aws-cdk-lib/aws-backup";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { acknowledgeFindings } from "../acknowledge.ts";

/** Daily and monthly backups of the tables, beside point-in-time recovery. */
export class TableBackup extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { tables, key }: { readonly tables: readonly Table[]; readonly key: IKey },
  ) {
    super(scope, id);
    const backupVault = new BackupVault(this, "Vault", { encryptionKey: key });
    const plan = BackupPlan.dailyMonthly1YearRetention(this, "Plan", backupVault);
    acknowledgeFindings(
      plan,
      "AwsSolutions-IAM4",
      /AWSBackupServiceRolePolicyForBackup$/,
      "AWS Backup documents this policy as the one for its role; it is kept in step with the service.",
    );
    plan.addSelection("Tables", { resources: tables.map((table) => BackupResource.fromDynamoDbTable(table)) });
  }
}
