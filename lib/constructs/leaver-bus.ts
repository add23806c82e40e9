import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { LEAVER_EVENT } from "../../lambdas/leaver/event.ts";

export interface LeaverBusProps {
  readonly key: IKey;
  readonly leaver: IFunction;
  /** Where an event ends that never reached the function: somebody left and is not blocked. */
  readonly deadLetters: IQueue;
}

/** Where an identity provider's leaver process says who has left. A bus of its own, so that the right to block is given by itself. */
export class LeaverBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { key, leaver, deadLetters }: LeaverBusProps) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", { description: "Countersign: principals who left", kmsKey: key });
    new Rule(this, "Rule", {
      description: "Blocks who left",
      eventBus: this.bus,
      eventPattern: { source: [LEAVER_EVENT.source], detailType: [LEAVER_EVENT.detailType] },
      targets: [new LambdaFunction(leaver, { deadLetterQueue: deadLetters })],
    });
  }
}
