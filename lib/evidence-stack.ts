import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyDocument, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { APPROVALS_INDEX } from "../lambdas/index-names.ts";
import { acknowledge } from "./acknowledge.ts";
import type { Settings } from "./config/settings.ts";
import { AUDIT_PATH, DIGESTER_PATH, WRITER_PATH } from "./constants.ts";
import { AccessTrail } from "./constructs/access-trail.ts";
import { AuditLake } from "./constructs/audit-lake.ts";
import { TableBackup } from "./constructs/backup.ts";
import { denyAll, exceptRolesUnder, rolesUnder } from "./constructs/deny.ts";
import { EncryptionKey } from "./constructs/encryption-key.ts";
import { LogBucket } from "./constructs/log-bucket.ts";
import { PrivateBucket } from "./constructs/private-bucket.ts";
import { RecordTable } from "./constructs/record-table.ts";
import { SigningKey } from "./constructs/signing-key.ts";
import { VaultBucket } from "./constructs/vault-bucket.ts";
import { VaultReplica } from "./constructs/vault-replica.ts";

export interface EvidenceStackProps extends StackProps {
  readonly settings: Settings;
}

/** What must outlive everything else: tables, vaults, keys, and the lake that auditors query. */
export class EvidenceStack extends Stack {
  readonly ledger: Table;
  readonly approvals: Table;
  readonly access: Table;
  readonly maskedVault: VaultBucket;
  readonly sealedVault: VaultBucket;
  readonly unarchived: PrivateBucket;
  readonly forensicKey: EncryptionKey;
  /** The key that signs now. */
  readonly signingKey: SigningKey;
  /** Those that signed before it, in order. */
  readonly formerSigningKeys: readonly SigningKey[];
  readonly sealSecret: Secret;
  readonly tableKey: EncryptionKey;
  readonly maskedKey: EncryptionKey;
  readonly sealedKey: EncryptionKey;
  /** The archive in Parquet. */
  readonly compacted: PrivateBucket;
  /** Copies of the vaults elsewhere, where the configuration names a place. */
  readonly replicas: readonly VaultReplica[] = [];

  constructor(scope: Construct, id: string, { settings, ...props }: EvidenceStackProps) {
    super(scope, id, props);
    const { retention, replication, signingKeys = 1 } = settings.config;
    const replicated = replication != null;
    // Governance mode is for trials, which are to be removed again.
    const removable = retention.mode === "governance";

    const tableKey = new EncryptionKey(this, "TableKey", {
      description: "Countersign: tables and seal secret",
      removable,
    });
    this.tableKey = tableKey;
    this.ledger = new RecordTable(this, "Ledger", { key: tableKey, stream: true, resourcePolicy: appendOnly() });
    this.approvals = new RecordTable(this, "Approvals", {
      key: tableKey,
      stream: true,
      indexes: { [APPROVALS_INDEX.byStatus]: "status", [APPROVALS_INDEX.byRequester]: "requesterId" },
    });
    this.access = new RecordTable(this, "Access", { key: tableKey, stream: false });
    new TableBackup(this, "Backup", { tables: [this.ledger, this.approvals, this.access], key: tableKey });

    const accessLogs = new LogBucket(this, "AccessLogs");
    const maskedKey = new EncryptionKey(this, "MaskedVaultKey", {
      description: "Countersign: masked vault",
      removable,
    });
    const sealedKey = new EncryptionKey(this, "SealedVaultKey", {
      description: "Countersign: sealed vault",
      removable,
    });
    this.maskedKey = maskedKey;
    this.sealedKey = sealedKey;
    this.maskedVault = new VaultBucket(this, "MaskedVault", { key: maskedKey, retention, replicated, accessLogs });
    this.sealedVault = new VaultBucket(this, "SealedVault", { key: sealedKey, retention, replicated, accessLogs });
    if (replication != null) {
      const { account, masked, sealed } = replication;
      this.replicas = [
        new VaultReplica(this, "MaskedReplica", {
          vault: this.maskedVault,
          key: maskedKey,
          destination: masked,
          account,
        }),
        new VaultReplica(this, "SealedReplica", {
          vault: this.sealedVault,
          key: sealedKey,
          destination: sealed,
          account,
        }),
      ];
    }
    this.forensicKey = new EncryptionKey(this, "ForensicKey", {
      description: "Countersign: opens sealed originals, by the audit function alone",
      removable,
    });
    for (const statement of onlyAuditOpens()) this.forensicKey.addToResourcePolicy(statement);

    const signers = [rolesUnder(WRITER_PATH), rolesUnder(DIGESTER_PATH)];
    const first = new SigningKey(this, "SigningKey", { signers, removable });
    const later = Array.from({ length: signingKeys - 1 }, (_, at) => {
      return new SigningKey(this, `SigningKey${at + 2}`, { signers, removable });
    });
    this.signingKey = later.at(-1) ?? first;
    this.formerSigningKeys = [first, ...later].slice(0, -1);

    this.unarchived = new PrivateBucket(this, "Unarchived", {
      key: sealedKey,
      accessLogs,
      logPrefix: "unarchived/",
      notReplicatedBecause:
        "It holds batches until they are redriven into the vaults, which are the evidence of record.",
    });

    this.sealSecret = new Secret(this, "SealSecret", {
      description: "Countersign: seals that callers carry (sessions, requestState)",
      encryptionKey: tableKey,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.sealSecret,
      ["AwsSolutions-SMG4", "NIST.800.53.R5-SecretsManagerRotationEnabled"],
      "Rotated by putting a new value; two versions stay valid. A rotation function would itself need rights over the secret that no other part has.",
    );

    if (settings.config.trail === "own")
      new AccessTrail(this, "AccessTrail", {
        vaults: [this.maskedVault, this.sealedVault],
        ledger: this.ledger,
        accessLogs,
        removable,
      });

    const lake = new AuditLake(this, "AuditLake", {
      maskedVault: this.maskedVault,
      sealedVault: this.sealedVault,
      key: maskedKey,
      accessLogs,
    });
    this.compacted = lake.compacted;
    const outputs = {
      LedgerTable: this.ledger.tableName,
      ApprovalsTable: this.approvals.tableName,
      AccessTable: this.access.tableName,
      MaskedVaultBucket: this.maskedVault.bucketName,
      SealedVaultBucket: this.sealedVault.bucketName,
      UnarchivedBucket: this.unarchived.bucketName,
      ForensicKeyArn: this.forensicKey.keyArn,
      SigningKeyArn: this.signingKey.keyArn,
      SealSecretArn: this.sealSecret.secretArn,
      AuditorsWorkgroup: lake.workgroup,
      Retention: `${retention.mode}, ${retention.days} days: ${retention.legalBasis}`,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

/**
 * Only roles under the audit function's path decrypt, and nobody hands that right on. The path stands for the role, whose name is known
 * to the other stack alone: whoever may make roles can make one there. Each use is compared with the records, whoever made it, and
 * a role under the path is told of as it is made (docs/threat-model.md).
 */
function onlyAuditOpens(): PolicyStatement[] {
  return [
    denyAll("OnlyAuditOpens", ["kms:Decrypt"], exceptRolesUnder(AUDIT_PATH)),
    denyAll("NobodyHandsOn", ["kms:CreateGrant", "kms:ReEncryptFrom"]),
  ];
}

/**
 * The ledger is append-only for everyone, and only roles under the writers' path append. `*` is the table itself in a table's
 * policy. Nobody asks it in PartiQL: what a batch of statements reads is not surely told by CloudTrail.
 */
function appendOnly(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      denyAll("NothingIsChanged", [
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLSelect",
      ]),
      denyAll("OnlyTheWritersAppend", ["dynamodb:PutItem"], exceptRolesUnder(WRITER_PATH)),
    ],
  });
}
