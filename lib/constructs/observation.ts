import { Duration, Stack } from "aws-cdk-lib";
import { CfnRule, type EventPattern, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { ROLES_PATH } from "../constants.ts";
import type { EvidenceStack } from "../evidence-stack.ts";
import { LAKE } from "../queries/tables.ts";
import type { GatewayFunction } from "./gateway-function.ts";

export interface ObservationProps {
  readonly key: IKey;
  /** Where messages end that could not be recorded after all repeats. */
  readonly deadLetters: IQueue;
}

/** What the ledger's own policy denies to everybody: a try is told of. */
const PARTIQL = ["ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"] as const;
/** Time of the function that takes from the queue. */
const TIMEOUT = Duration.minutes(2);
/** Messages that it takes at once: reads that come together are one record. */
const TOGETHER = 500;

/**
 * What CloudTrail tells of the evidence, on its way to the observer: reads and signatures by others than the gateway's own
 * roles, queries in the auditors' workgroup, every use of the forensic key, and roles that are made under the gateway's path.
 * It waits a minute, so that what explains a use is there.
 */
export class Observation extends Construct {
  readonly queue: Queue;
  /** What the function that takes from the queue is made with. */
  readonly own = { timeout: TIMEOUT, memorySize: 512, reserved: 2 } as const;

  readonly #deadLetters: IQueue;

  constructor(scope: Construct, id: string, { key, deadLetters }: ObservationProps) {
    super(scope, id);
    this.#deadLetters = deadLetters;
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
  }

  /**
   * Makes the rules.
   *
   * @param roles all that are deployed: what they read and sign is their work
   */
  watch(evidence: EvidenceStack, roles: readonly Role[]): void {
    const rule = (name: string, description: string, source: string, detail: EventPattern["detail"]) =>
      new Rule(this, name, {
        description: `Countersign: ${description}`,
        eventPattern: { source: [source], detailType: ["AWS API Call via CloudTrail"], detail: detail ?? {} },
        targets: [new SqsQueue(this.queue, { deadLetterQueue: this.#deadLetters })],
      });
    const byOthers = othersThan(roles);
    const { maskedVault, sealedVault, ledger, forensicKey, signingKey, formerSigningKeys } = evidence;
    rule("ObjectsRead", "objects of the vaults that were read", "aws.s3", {
      eventName: ["GetObject"],
      requestParameters: { bucketName: [maskedVault.bucketName, sealedVault.bucketName] },
      ...byOthers,
    });
    rule("LedgerRead", "reads of the ledger's table", "aws.dynamodb", {
      eventName: ["GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan", ...PARTIQL],
      resources: { ARN: [ledger.tableArn] },
      ...byOthers,
    });
    rule("LedgerExported", "exports of the ledger's table", "aws.dynamodb", {
      eventName: ["ExportTableToPointInTime"],
      requestParameters: { tableArn: [ledger.tableArn] },
    });
    rule("QueriesRun", "queries of auditors", "aws.athena", {
      eventName: ["StartQueryExecution"],
      requestParameters: { workGroup: [LAKE.workgroup] },
    });
    const keyUsed = rule("KeyUsed", "uses of the forensic key", "aws.kms", {
      eventName: ["Decrypt"],
      resources: { ARN: [forensicKey.keyArn] },
    });
    const signed = rule("EvidenceSigned", "signatures with the signing keys", "aws.kms", {
      eventName: ["Sign"],
      resources: { ARN: [signingKey, ...formerSigningKeys].map(({ keyArn }) => keyArn) },
      ...byOthers,
    });
    // Decrypt and Sign read, to CloudTrail: an ordinary rule is not told of them.
    for (const { node } of [keyUsed, signed])
      if (node.defaultChild instanceof CfnRule)
        node.defaultChild.state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

    const made = rule("RolesMade", "roles under the gateway's path", "aws.iam", {
      $or: [
        { eventName: ["CreateRole"], requestParameters: { path: [{ prefix: ROLES_PATH }] } },
        // This request names no path; a deployed role's name begins with its stack's.
        {
          eventName: ["UpdateAssumeRolePolicy"],
          requestParameters: {
            roleName: [this, evidence].map((scope) => ({ prefix: `${Stack.of(scope).stackName}-` })),
          },
        },
      ],
    });
    // Not told of the first deployment's own.
    made.node.addDependency(...roles);
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
    for (const mapping of observer.function.node.children.filter((child) => child instanceof EventSourceMapping))
      acknowledge(
        mapping,
        ["Serverless-LambdaEventSourceMappingDestination"],
        "Lambda takes no destination for a queue: the queue hands on itself what failed for good, to the dead letters.",
      );
    return observer;
  }
}

/**
 * Whoever is none of these roles: no role at all, or another one. A role is told by the id that IAM gave it, so another that is made
 * under the same path, or under the same name after it, is not taken for it.
 */
function othersThan(roles: readonly Role[]) {
  const issuer = (principalId: unknown[]) => ({ userIdentity: { sessionContext: { sessionIssuer: { principalId } } } });
  const own = roles.map(({ roleId }) => roleId);
  return { $or: [issuer([{ exists: false }]), issuer([{ "anything-but": own }])] };
}
