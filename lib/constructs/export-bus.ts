import { Duration } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";

export interface ExportBusProps {
  readonly key: IKey;
}

/** Where a SIEM takes the records from, as OCSF events: adopters put their own rules on the bus. */
export class ExportBus extends Construct {
  readonly bus: EventBus;
  /** Which batches of the ledger's stream could not be handed over. Their records are in the archive. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { key }: ExportBusProps) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", { description: "Countersign: records as OCSF events", kmsKey: key });
    this.deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.deadLetters, ["AwsSolutions-SQS3", "CT.SQS.PR.1"], "It is itself the dead-letter queue.");
  }
}
