import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { FilterPattern, type ILogGroup, SubscriptionFilter } from "aws-cdk-lib/aws-logs";
import { LambdaDestination } from "aws-cdk-lib/aws-logs-destinations";
import { Construct } from "constructs";
import { REFUSED_MESSAGE } from "../../lambdas/domain/identity/refusal.ts";

export interface RefusalLogsProps {
  /** Where the authorizer tells of tokens that it refused. */
  readonly authorizer: ILogGroup;
  /** The API's access log, for what never came as far. */
  readonly access: ILogGroup;
  /** The function that records them. */
  readonly recorder: IFunction;
}

/** Hands every refusal that a log tells of to the function that records it, and no other line. */
export class RefusalLogs extends Construct {
  constructor(scope: Construct, id: string, { authorizer, access, recorder }: RefusalLogsProps) {
    super(scope, id);
    const destination = new LambdaDestination(recorder);
    new SubscriptionFilter(this, "Tokens", {
      logGroup: authorizer,
      destination,
      filterPattern: FilterPattern.literal(`{ $.message = "${REFUSED_MESSAGE}" }`),
    });
    new SubscriptionFilter(this, "Requests", {
      logGroup: access,
      destination,
      filterPattern: FilterPattern.literal('{ ($.status = "401") || ($.status = "403") }'),
    });
  }
}
