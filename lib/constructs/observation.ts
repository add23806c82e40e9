import { Aws, Duration } from "aws-cdk-lib";
import { CfnRule, type EventPattern, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { DIGESTER_PATH, HOLDER_PATH, PLAIN_PATH, REPLICA_PATH, WRITER_PATH } from "../constants.ts";
import type { EvidenceStack } from "../evidence-stack.ts";
import { LAKE } from "../queries/tables.ts";
import type { GatewayFunction } from "./gateway-function.ts";

export interface ObservationProps {
  readonly evidence: EvidenceStack;
  readonly key: IKey;
  /** Where messages end that could not be recorded after all repeats. */
  readonly deadLetters: IQueue;
}

/** Time of the function that takes from the queue. */
const TIMEOUT = Duration.minutes(2);
/** Messages that it takes at once: reads that come together are one record. */
const TOGETHER = 500;

/**
 * What CloudTrail tells of the evidence, on its way to the observer: reads by others than the gateway's own roles, queries in
 * the auditors' workgroup, every use of the forensic key. It waits a minute, so that what explains a use is there.
 */
export class Observation extends Construct {
  readonly queue: Queue;
  /** What the function that takes from the queue is made with. */
  readonly own = { timeout: TIMEOUT, memorySize: 512, reserved: 2 } as const;

  constructor(scope: Construct, id: string, { evidence, key, deadLetters }: ObservationProps) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      deliveryDelay: Duration.minutes(1),
      // Six times the function's own, as Lambda asks for.
      visibilityTimeout: Duration.minutes(TIMEOUT.toMinutes() * 6),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
    const rule = (name: string, description: string, source: string, detail: EventPattern["detail"]) =>
      new Rule(this, name, {
        description: `Countersign: ${description}`,
        eventPattern: { source: [source], detailType: ["AWS API Call via CloudTrail"], detail: detail ?? {} },
        targets: [new SqsQueue(this.queue, { deadLetterQueue: deadLetters })],
      });

    const { maskedVault, sealedVault, ledger, forensicKey } = evidence;
    rule("ObjectsRead", "objects of the vaults that were read", "aws.s3", {
      eventName: ["GetObject"],
      requestParameters: { bucketName: [maskedVault.bucketName, sealedVault.bucketName] },
      ...byOthers(),
    });
    rule("LedgerRead", "reads of the ledger's table", "aws.dynamodb", {
      eventName: ["GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan", "ExecuteStatement"],
      resources: { ARN: [ledger.tableArn] },
      ...byOthers(),
    });
    rule("QueriesRun", "queries of auditors", "aws.athena", {
      eventName: ["StartQueryExecution"],
      requestParameters: { workGroup: [LAKE.workgroup] },
    });
    const keyUsed = rule("KeyUsed", "uses of the forensic key", "aws.kms", {
      eventName: ["Decrypt"],
      resources: { ARN: [forensicKey.keyArn] },
    });
    // Decrypt reads, to CloudTrail: an ordinary rule is not told of it.
    const { defaultChild } = keyUsed.node;
    if (defaultChild instanceof CfnRule) defaultChild.state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
  }

  /** Hands the queue to the observer. @returns the same function */
  feed(observer: GatewayFunction): GatewayFunction {
    const source = {
      batchSize: TOGETHER,
      maxBatchingWindow: Duration.minutes(1),
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    };
    observer.function.addEventSource(new SqsEventSource(this.queue, source));
    return observer;
  }
}

/** Whoever is no role of the gateway: no role at all, or another one. */
function byOthers() {
  const own = [WRITER_PATH, DIGESTER_PATH, HOLDER_PATH, REPLICA_PATH, PLAIN_PATH].map(
    (path) => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${path}`,
  );
  const issuer = (matches: unknown) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn: [matches] } } } });
  return { $or: [issuer({ exists: false }), issuer({ "anything-but": { prefix: own } })] };
}
