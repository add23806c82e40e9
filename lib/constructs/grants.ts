import { Aws } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { BODIES, DIGESTS, KEYS, TRANSCRIPTS } from "../../lambdas/domain/evidence/prefixes.ts";
import { APPROVALS_INDEX, HOLDS } from "../../lambdas/index-names.ts";
import type { ServerConfig } from "../config/schema.ts";
import { gatewaySecrets, isMintedOutside, minterSecrets, serverRoles } from "../config/server-secrets.ts";
import { FORENSIC_PURPOSE } from "../constants.ts";
import type { EvidenceStack } from "../evidence-stack.ts";
import { COMPACT } from "../queries/compaction.ts";
import { LAKE, RECORDS } from "../queries/tables.ts";
import type { ExportBus } from "./export-bus.ts";

const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
  new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });

/** Condition: every item asked for has a partition key like this. */
const leadingKeys = (pattern: string) => ({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": pattern } });

/** ARN of a thing of Athena or Glue in this account. */
const lakeArn = (service: "athena" | "glue", thing: string) =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${thing}`;
const lakeArns = [lakeArn("glue", "catalog"), lakeArn("glue", `database/${LAKE.database}`)];

/** Secrets that hold a private certificate authority. */
const authoritySecrets = (servers: readonly ServerConfig[]) =>
  servers.flatMap(({ ca }) => (ca !== undefined && "secretName" in ca ? [ca.secretName] : []));

/** Secrets Manager adds six characters to a name. */
const secretArn = (name: string) =>
  `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}-??????`;

/** What the minter may do: read the secrets of the clients that it stands for. */
export const minterRights = (servers: readonly ServerConfig[], logKey: IKey) => [
  allow(["secretsmanager:GetSecretValue"], minterSecrets(servers).map(secretArn)),
  allow(["kms:GenerateDataKey", "kms:Decrypt"], [logKey.keyArn]),
];

/** What the function of the SAML provider's user pool may do: nothing but leave what failed. */
export const federationRights = (logKey: IKey) => [allow(["kms:GenerateDataKey", "kms:Decrypt"], [logKey.keyArn])];

/**
 * What each function may do, action by action and resource by resource: by its name in the house plan, and what speaks MCP by
 * its construct's, as each reaches other servers.
 */
export function grants(
  evidence: EvidenceStack,
  {
    logKey,
    stateMachineArn,
    topicArns,
    servers,
    minterArn,
    exported,
    observed,
    revealAsks,
  }: {
    readonly logKey: IKey;
    readonly stateMachineArn: string;
    /** The approver groups' topics. */
    readonly topicArns: readonly string[];
    readonly servers: readonly ServerConfig[];
    /** The function that gets tokens outside the VPC; undefined where none is needed. */
    readonly minterArn: string | undefined;
    readonly exported: ExportBus;
    /** Where what CloudTrail tells of the evidence waits. */
    readonly observed: IQueue;
    /** Whether somebody else must agree to a reveal. */
    readonly revealAsks: boolean;
  },
): Readonly<Record<string, readonly PolicyStatement[]>> {
  const {
    ledger,
    approvals,
    access,
    maskedVault,
    sealedVault,
    unarchived,
    compacted,
    forensicKey,
    signingKey,
    formerSigningKeys,
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
  // Sessions carry tags and a source identity, so that CloudTrail names the principal.
  const assume = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];
  const approvalsIndex = (name: keyof typeof APPROVALS_INDEX) =>
    allow(["dynamodb:Query"], [`${approvals.tableArn}/index/${APPROVALS_INDEX[name]}`]);

  /** What whoever speaks to these servers needs, whether it calls them or listens. */
  const speaking = (to: readonly ServerConfig[]) => {
    const roles = serverRoles(to);
    return [
      ...append,
      allow(["dynamodb:Query", "dynamodb:UpdateItem"], [access.tableArn]),
      ...putObjects(BODIES),
      allow(["kms:GenerateDataKey"], [forensicKey.keyArn], underForensicContext),
      allow(
        ["secretsmanager:GetSecretValue"],
        [sealSecret.secretArn, ...[...gatewaySecrets(to), ...authoritySecrets(to)].map(secretArn)],
      ),
      ...(roles.length === 0 ? [] : [allow(assume, roles)]),
      ...(minterArn !== undefined && to.some(isMintedOutside) ? [allow(["lambda:InvokeFunction"], [minterArn])] : []),
      deadLetterKey,
    ];
  };

  const within = (reach: ServerConfig["network"]) => servers.filter(({ network }) => network === reach);
  const gateway = (to: readonly ServerConfig[]) => [
    ...speaking(to),
    allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
    approvalsIndex("byRequester"),
  ];
  /** Nothing that needs approval comes over a GET, and only servers that push are asked for a stream. */
  const listener = (to: readonly ServerConfig[]) => speaking(to.filter(({ push }) => push));

  return {
    observer: [
      ...append,
      // The records that explain a use of the forensic key, each under KMS's own id of it.
      allow(["dynamodb:Query"], [ledger.tableArn], leadingKeys("opening-*")),
      allow(
        ["athena:GetQueryExecution"],
        [`arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:workgroup/${LAKE.workgroup}`],
      ),
      allow(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
        [observed.queueArn],
      ),
      deadLetterKey,
    ],
    // It meets unverified tokens: its refusals are recorded by another, from its log.
    authorizer: [deadLetterKey],
    refusals: [...append, deadLetterKey],
    site: [deadLetterKey],
    GatewayPrivate: gateway(within("private")),
    GatewayPublic: gateway(within("public")),
    ListenerPrivate: listener(within("private")),
    ListenerPublic: listener(within("public")),
    approvals: [
      ...append,
      // Access that is asked for ahead opens a row and its head; a transaction asks for the rights of its parts.
      allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
      approvalsIndex("byStatus"),
      approvalsIndex("byRequester"),
      allow(
        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"],
        [access.tableArn],
      ),
      allow(["states:SendTaskSuccess"], [stateMachineArn]),
      deadLetterKey,
    ],
    leaver: [
      ...append,
      allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
      approvalsIndex("byRequester"),
      allow(["dynamodb:Query", "dynamodb:UpdateItem"], [access.tableArn]),
      allow(["states:SendTaskSuccess"], [stateMachineArn]),
      deadLetterKey,
    ],
    audit: [
      ...append,
      // What the ledger holds of a session whose originals are asked for.
      allow(["dynamodb:Query"], [ledger.tableArn]),
      // It puts newly masked copies in the place of records that are quarantined; the vaults' policy says how.
      ...putObjects(TRANSCRIPTS),
      ...putObjects(BODIES),
      allow(["s3:ListBucket"], [sealedVault.bucketArn]),
      allow(["kms:Decrypt", "kms:GenerateDataKey"], [forensicKey.keyArn], underForensicContext),
      // To open what an approver must see, and to note who saw it.
      allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [approvals.tableArn]),
      // It opens approvals of reveals, asking in measure.
      ...(revealAsks ? [allow(["dynamodb:PutItem"], [approvals.tableArn]), approvalsIndex("byRequester")] : []),
      allow(["dynamodb:Query"], [access.tableArn]),
      deadLetterKey,
    ],
    recorder: [
      ...append,
      ...streamOf(approvals),
      // It ends the grant of a yes for a session or some minutes that was taken back meanwhile.
      allow(["dynamodb:GetItem"], [approvals.tableArn]),
      allow(["dynamodb:Query", "dynamodb:UpdateItem"], [access.tableArn]),
      allow(["states:StartExecution"], [stateMachineArn]),
      deadLetterKey,
    ],
    sweeper: [
      ...append,
      allow(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"], [approvals.tableArn]),
      approvalsIndex("byStatus"),
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
      // The record of what was changed.
      ...append,
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
      // What API Gateway counted: CloudWatch knows no resources to name.
      allow(["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], ["*"]),
      deadLetterKey,
    ],
    compactor: [
      allow(
        ["athena:GetQueryExecution", "athena:StartQueryExecution"],
        [lakeArn("athena", `workgroup/${COMPACT.workgroup}`)],
      ),
      // Athena works under the rights of whoever starts a statement: it reads the records and writes the copy.
      allow(["glue:GetDatabase"], lakeArns),
      allow(
        ["glue:GetPartition", "glue:GetPartitions", "glue:GetTable"],
        [...lakeArns, ...[RECORDS.name, COMPACT.name].map((name) => lakeArn("glue", `table/${LAKE.database}/${name}`))],
      ),
      allow(["s3:GetObject"], [maskedVault.arnForObjects(`${TRANSCRIPTS}*`)]),
      allow(["s3:GetBucketLocation", "s3:ListBucket"], [maskedVault.bucketArn, compacted.bucketArn]),
      allow(
        ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        [compacted.arnForObjects("*")],
      ),
      allow(["kms:Decrypt", "kms:GenerateDataKey"], [maskedKey.keyArn]),
      deadLetterKey,
    ],
    holder: [
      manifest("dynamodb:Query"),
      allow(["kms:Decrypt", "kms:GenerateDataKey"], [tableKey.keyArn]),
      // The rows of the holds, to read and to note how far it came.
      allow(["dynamodb:Query", "dynamodb:UpdateItem"], [access.tableArn], leadingKeys(HOLDS)),
      allow(["s3:GetObject"], [maskedVault.arnForObjects(`${TRANSCRIPTS}*`)]),
      allow(["s3:ListBucket"], [maskedVault.bucketArn]),
      allow(["s3:ListBucketVersions"], [maskedVault.bucketArn, sealedVault.bucketArn]),
      allow(
        ["s3:GetObjectLegalHold", "s3:PutObjectLegalHold"],
        [
          ...[DIGESTS, KEYS, TRANSCRIPTS, BODIES].map((prefix) => maskedVault.arnForObjects(`${prefix}*`)),
          ...[TRANSCRIPTS, BODIES].map((prefix) => sealedVault.arnForObjects(`${prefix}*`)),
        ],
      ),
      allow(["kms:Decrypt"], [maskedKey.keyArn]),
      deadLetterKey,
    ],
    digester: [
      manifest("dynamodb:Query"),
      allow(["kms:Decrypt"], [tableKey.keyArn]),
      allow(["kms:GetPublicKey", "kms:Sign"], [signingKey.keyArn]),
      // What they signed is still to be checked.
      ...formerSigningKeys.map(({ keyArn }) => allow(["kms:GetPublicKey"], [keyArn])),
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
