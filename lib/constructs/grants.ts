import { Aws } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { APPROVALS_INDEX } from "../../lambdas/index-names.ts";
import type { ServerConfig } from "../config/schema.ts";
import { BODIES, FORENSIC_PURPOSE, TRANSCRIPTS } from "../constants.ts";
import type { EvidenceStack } from "../evidence-stack.ts";

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
  }: {
    readonly logKey: IKey;
    readonly stateMachineArn: string;
    /** The approver groups' topics. */
    readonly topicArns: readonly string[];
    readonly servers: readonly ServerConfig[];
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
    authorizer: [deadLetterKey],
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
      allow(["kms:Decrypt"], [tableKey.keyArn]),
      ...putObjects(TRANSCRIPTS),
      allow(["s3:PutObject"], [unarchived.arnForObjects("*")]),
      allow(["s3:ListBucket"], [unarchived.bucketArn]),
      deadLetterKey,
    ],
  };
}
