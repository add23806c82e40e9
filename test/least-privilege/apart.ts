import type { Apart } from "./compare.ts";

/**
 * What roles hold although no code of ours asks for it: AWS itself acts under a function's role. None of it can be seen
 * here; each is as narrow as its resource. Whatever is not listed and not used fails the test, and so does an entry that
 * stands for nothing any more.
 */
export const APART: readonly Apart[] = [
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resource: /^logs:log-group:<\w+Log>:\*$/,
    why: "Lambda writes what a function prints to the function's own log.",
  },
  {
    // What the ledger's stream calls is not traced.
    except: ["archiver", "exporter"],
    actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    resource: /^\*$/,
    why: "Lambda's own agent sends traces; X-Ray knows no resources.",
  },
  {
    actions: ["sqs:SendMessage"],
    resource: /DeadLetters/,
    why: "Lambda puts there what failed for good, as the function.",
  },
  {
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resource: /^kms:key\/<LogKey>$/,
    why: "The key of the dead-letter queues, and of the sweeper's topics and the observer's queue: SQS and SNS ask for it.",
  },
  {
    functions: ["gateway", "listener"],
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resource: /^\*$/,
    why: "Lambda makes a function's interfaces in the VPC, as the function.",
  },
  {
    functions: ["archiver", "exporter", "recorder"],
    actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
    resource: /^dynamodb:table\/<(Approvals|Ledger)>\/stream\//,
    why: "Lambda reads the stream for the function; the local stack has a pump of its own.",
  },
  {
    functions: ["archiver"],
    actions: ["s3:ListBucket", "s3:PutObject"],
    resource: /<Unarchived>/,
    why: "Lambda leaves there the batches that the archiver failed on for good.",
  },
  {
    functions: ["observer"],
    actions: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    resource: /ObservationQueue/,
    why: "Lambda reads the queue for the function.",
  },
  {
    functions: [
      "approvals",
      "archiver",
      "audit",
      "exporter",
      "gateway",
      "holder",
      "leaver",
      "listener",
      "observer",
      "reconciler",
      "recorder",
      "refusals",
      "sweeper",
    ],
    actions: ["kms:GenerateDataKey"],
    resource: /^kms:key\/<TableKey>$/,
    why: "DynamoDB's guide asks for it of who writes; only a real account can show that Decrypt alone would do (docs/unverified.md).",
  },
  {
    functions: ["compactor"],
    actions: ["glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable"],
    resource: /^glue:/,
    why: "Athena looks up the tables under the rights of who starts a statement.",
  },
  {
    functions: ["compactor"],
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resource: /^kms:key\/<MaskedVaultKey>$/,
    why: "Athena reads the records and writes their copy, under the rights of who starts the statement.",
  },
  {
    functions: ["compactor"],
    actions: ["s3:GetObject"],
    resource: /^s3:::<MaskedVault>\/transcripts\/\*$/,
    why: "Athena reads the records.",
  },
  {
    functions: ["compactor"],
    actions: ["s3:GetBucketLocation"],
    resource: /^s3:::<(MaskedVault|AuditLakeCompacted)>$/,
    why: "Athena asks it of every bucket that it works in.",
  },
  {
    functions: ["compactor"],
    actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    resource: /^s3:::<AuditLakeCompacted>\/\*$/,
    why: "Athena writes the copy, in pieces where it is large, and what it says of a statement.",
  },
];
