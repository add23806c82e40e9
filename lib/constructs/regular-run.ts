import type { Duration } from "aws-cdk-lib";
import { Rule, type Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { GatewayFunction } from "./gateway-function.ts";

export interface RegularRunProps {
  readonly description: string;
  readonly schedule: Schedule;
  readonly runs: GatewayFunction;
  /** How long an event may wait for the function, so that two of them do not come at once. */
  readonly maxEventAge: Duration;
  /** Where an event ends that could not be delivered; null where an alarm rings when none comes. */
  readonly deadLetters: IQueue | null;
}

/** Has a function run at its times. A failed run is not repeated: two would run at once, and the next one does what it left. */
export class RegularRun extends Rule {
  constructor(scope: Construct, id: string, props: RegularRunProps) {
    const { description, schedule, runs, maxEventAge, deadLetters } = props;
    super(scope, id, {
      description,
      schedule,
      targets: [
        new LambdaFunction(runs.function, {
          retryAttempts: 0,
          ...(deadLetters === null ? {} : { deadLetterQueue: deadLetters }),
        }),
      ],
    });
    runs.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    acknowledge(
      runs.function.node.findChild("EventInvokeConfig"),
      ["Serverless-LambdaAsyncFailureDestination"],
      "Its dead-letter queue takes what failed for good; a destination beside it would hold the same event twice.",
    );
    if (deadLetters === null)
      acknowledge(
        this,
        ["Serverless-EventBusDLQ"],
        "Its events say nothing but that it is time: the next one does what this one would have, and an alarm rings when none comes.",
      );
  }
}
