import { Aws } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ServerConfig } from "../config/schema.ts";
import { BODIES, FORENSIC_PURPOSE, TRANSCRIPTS } from "../constants.ts";
import type { EvidenceStack } from "../evidence-stack.ts";

const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
  new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });

/** What each function may do, by its name in the house plan: action by action, resource by resource. */
export function grants(
  evidence: EvidenceStack,
  {
    logKey,
    stateMachineArn,
    servers,
  }: { readonly logKey: IKey; readonly stateMachineArn: string; readonly servers: readonly ServerConfig[] },
): Readonly<Record<string, readonly PolicyStatement[]>> {
  const {
    ledger,
    approvals,
    access,
    maskedVault,
    sealedVault,
    unarchived,
    forensicKey,
    sealSecret,
    tableKey,
    maskedKey,
    sealedKey,
  } = evidence;
  const append = [
    allow(["dynamodb:PutItem"], [ledger.tableArn]),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], [tableKey.keyArn]),
  ];
  const underForensicContext = { StringEquals: { "kms:EncryptionContext:purpose": FORENSIC_PURPOSE } };
  const putObjects = (prefix: string) => [
    allow(["s3:PutObject"], [maskedVault.arnForObjects(`${prefix}*`), sealedVault.arnForObjects(`${prefix}*`)]),
    // To compare the checksum of an object that is there already.
    allow(["s3:GetObject"], [maskedVault.arnForObjects(`${prefix}*`), sealedVault.arnForObjects(`${prefix}*`)]),
    allow(["kms:GenerateDataKey", "kms:Decrypt"], [maskedKey.keyArn, sealedKey.keyArn]),
  ];
  const streamOf = ({ tableArn, tableStreamArn }: Table) => [
    allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], [tableStreamArn ?? ""]),
    allow(["dynamodb:ListStreams"], [`${tableArn}/stream/*`]),
  ];
  const deadLetterKey = allow(["kms:GenerateDataKey", "kms:Decrypt"], [logKey.keyArn]);
  const secretNames = servers.flatMap(({ credential }) =>
    credential.kind === "header" ? [credential.secretName] : [],
  );
  // Secrets Manager adds six characters to a name.
  const serverSecrets = secretNames.map(
    (name) => `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}-??????`,
  );

  const dataPath = [
    ...append,
    allow(["dynamodb:UpdateItem"], [access.tableArn]),
    allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
    ...putObjects(BODIES),
    allow(["kms:GenerateDataKey"], [forensicKey.keyArn], underForensicContext),
    allow(["secretsmanager:GetSecretValue"], [sealSecret.secretArn, ...serverSecrets]),
    deadLetterKey,
  ];

  return {
    authorizer: [deadLetterKey],
    site: [deadLetterKey],
    gateway: dataPath,
    listener: dataPath,
    approvals: [
      ...append,
      allow(["dynamodb:GetItem", "dynamodb:Scan", "dynamodb:UpdateItem"], [approvals.tableArn]),
      allow(["states:SendTaskSuccess"], [stateMachineArn]),
      deadLetterKey,
    ],
    audit: [
      ...append,
      allow(["s3:GetObject"], [sealedVault.arnForObjects(`${TRANSCRIPTS}*`), sealedVault.arnForObjects(`${BODIES}*`)]),
      allow(["s3:ListBucket"], [sealedVault.bucketArn]),
      allow(["kms:Decrypt"], [sealedKey.keyArn]),
      allow(["kms:Decrypt"], [forensicKey.keyArn], underForensicContext),
      deadLetterKey,
    ],
    recorder: [...append, ...streamOf(approvals), allow(["states:StartExecution"], [stateMachineArn]), deadLetterKey],
    archiver: [
      ...streamOf(ledger),
      allow(["kms:Decrypt"], [tableKey.keyArn]),
      ...putObjects(TRANSCRIPTS),
      allow(["s3:PutObject"], [unarchived.arnForObjects("*")]),
      allow(["s3:ListBucket"], [unarchived.bucketArn]),
      deadLetterKey,
    ],
  };
}
