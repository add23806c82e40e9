import { Aws } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { APPROVALS_INDEX } from "../../lambdas/index-names.ts";
import type { ServerConfig } from "../config/schema.ts";
import { BODIES, DIGESTS, FORENSIC_PURPOSE, KEYS, TRANSCRIPTS } from "../constants.ts";
import type { EvidenceStack } from "../evidence-stack.ts";
import type { ExportBus } from "./export-bus.ts";

const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
  new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });

/** Condition: every item asked for has a partition key like this. */
const leadingKeys = (pattern: string) => ({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": pattern } });

/** What each function may do, by its name in the house plan: action by action, resource by resource. */
export function grants(
  evidence: EvidenceStack,
  {
    logKey,
    stateMachineArn,
    topicArns,
    servers,
    exported,
  }: {
    readonly logKey: IKey;
    readonly stateMachineArn: string;
    /** The approver groups' topics. */
    readonly topicArns: readonly string[];
    readonly servers: readonly ServerConfig[];
    readonly exported: ExportBus;
  },
): Readonly<Record<string, readonly PolicyStatement[]>> {
  const {
    ledger,
    approvals,
    access,
    maskedVault,
    sealedVault,
    unarchived,
    forensicKey,
    signingKey,
    sealSecret,
    tableKey,
    maskedKey,
    sealedKey,
  } = evidence;
  const append = [
    allow(["dynamodb:PutItem"], [ledger.tableArn]),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], [tableKey.keyArn]),
    // Once for an environment: its word for the key that signs its records.
    allow(["kms:Sign"], [signingKey.keyArn]),
  ];
  const manifest = (action: string) => allow([action], [ledger.tableArn], leadingKeys("manifest#*"));
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

  const approvalsIndexes = Object.values(APPROVALS_INDEX).map((name) => `${approvals.tableArn}/index/${name}`);

  const dataPath = [
    ...append,
    allow(["dynamodb:Query", "dynamodb:UpdateItem"], [access.tableArn]),
    allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
    allow(["dynamodb:Query"], approvalsIndexes),
    ...putObjects(BODIES),
    allow(["kms:GenerateDataKey"], [forensicKey.keyArn], underForensicContext),
    allow(["secretsmanager:GetSecretValue"], [sealSecret.secretArn, ...serverSecrets]),
    deadLetterKey,
  ];

  return {
    // It meets unverified tokens: its refusals are recorded by another, from its log.
    authorizer: [deadLetterKey],
    refusals: [...append, deadLetterKey],
    site: [deadLetterKey],
    gateway: dataPath,
    listener: dataPath,
    approvals: [
      ...append,
      // Access that is asked for ahead opens a row and its head; a transaction asks for the rights of its parts.
      allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"], [approvals.tableArn]),
      allow(["dynamodb:Query"], approvalsIndexes),
      allow(
        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"],
        [access.tableArn],
      ),
      allow(["states:SendTaskSuccess"], [stateMachineArn]),
      deadLetterKey,
    ],
    audit: [
      ...append,
      allow(["s3:GetObject"], [sealedVault.arnForObjects(`${TRANSCRIPTS}*`), sealedVault.arnForObjects(`${BODIES}*`)]),
      allow(["s3:ListBucket"], [sealedVault.bucketArn]),
      allow(["kms:Decrypt"], [sealedKey.keyArn]),
      allow(["kms:Decrypt"], [forensicKey.keyArn], underForensicContext),
      // To open what an approver must see, and to note who saw it.
      allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
      allow(["dynamodb:Query"], [access.tableArn]),
      deadLetterKey,
    ],
    recorder: [
      ...append,
      ...streamOf(approvals),
      // The grant that a yes for a session or some minutes makes, unless it was taken back meanwhile.
      allow(["dynamodb:GetItem"], [approvals.tableArn]),
      allow(["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"], [access.tableArn]),
      allow(["states:StartExecution"], [stateMachineArn]),
      deadLetterKey,
    ],
    sweeper: [
      ...append,
      allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"], [approvals.tableArn]),
      allow(["dynamodb:Query"], approvalsIndexes),
      // What it counted for the gateway, and the minutes of mails that it settled: nothing else of this table.
      allow(["dynamodb:PutItem"], [approvals.tableArn], leadingKeys("approvers#*")),
      allow(["dynamodb:DeleteItem"], [approvals.tableArn], leadingKeys("mail#*")),
      allow(["dynamodb:Scan", "dynamodb:UpdateItem"], [access.tableArn]),
      allow(["states:StartExecution"], [stateMachineArn]),
      allow(["sns:ListSubscriptionsByTopic", "sns:Publish"], [...topicArns]),
      deadLetterKey,
    ],
    archiver: [
      ...streamOf(ledger),
      manifest("dynamodb:PutItem"),
      allow(["kms:Decrypt", "kms:GenerateDataKey"], [tableKey.keyArn]),
      ...putObjects(TRANSCRIPTS),
      allow(["s3:PutObject"], [unarchived.arnForObjects("*")]),
      allow(["s3:ListBucket"], [unarchived.bucketArn]),
      deadLetterKey,
    ],
    exporter: [
      ...streamOf(ledger),
      allow(["kms:Decrypt"], [tableKey.keyArn]),
      allow(["events:PutEvents"], [exported.bus.eventBusArn]),
      // What it could not hand over.
      allow(["sqs:SendMessage"], [exported.deadLetters.queueArn]),
      deadLetterKey,
    ],
    reconciler: [
      ...append,
      // The manifest of what was archived, and the ledger's own word on a call before anything is said of it.
      allow(["dynamodb:Query"], [ledger.tableArn]),
      allow(["s3:GetObject"], [maskedVault.arnForObjects(`${TRANSCRIPTS}*`)]),
      allow(["kms:Decrypt"], [maskedKey.keyArn]),
      deadLetterKey,
    ],
    digester: [
      manifest("dynamodb:Query"),
      allow(["kms:Decrypt"], [tableKey.keyArn]),
      allow(["kms:GetPublicKey", "kms:Sign"], [signingKey.keyArn]),
      allow(["s3:PutObject"], [maskedVault.arnForObjects(`${DIGESTS}*`), maskedVault.arnForObjects(`${KEYS}*`)]),
      // It checks what it sealed: bytes of both vaults, and what is in the masked one.
      allow(
        ["s3:GetObject"],
        [DIGESTS, KEYS, TRANSCRIPTS, BODIES].map((prefix) => maskedVault.arnForObjects(`${prefix}*`)),
      ),
      allow(
        ["s3:GetObject"],
        [TRANSCRIPTS, BODIES].map((prefix) => sealedVault.arnForObjects(`${prefix}*`)),
      ),
      allow(["s3:ListBucket"], [maskedVault.bucketArn, sealedVault.bucketArn]),
      allow(["kms:GenerateDataKey", "kms:Decrypt"], [maskedKey.keyArn]),
      allow(["kms:Decrypt"], [sealedKey.keyArn]),
      deadLetterKey,
    ],
  };
}
