import { EventBus } from "aws-cdk-lib/aws-events";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { DeadLetterQueue } from "./dead-letter-queue.ts";

export interface ExportBusProps {
  readonly key: IKey;
}

/** Where a SIEM takes the records from, as OCSF events: adopters put their own rules on the bus. */
export class ExportBus extends Construct {
  readonly bus: EventBus;
  /** Which batches of the ledger's stream could not be handed over. Their records are in the archive. */
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { key }: ExportBusProps) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", { description: "Countersign: records as OCSF events", kmsKey: key });
    this.deadLetters = new DeadLetterQueue(this, "DeadLetters", { key, fromServices: false });
  }
}
