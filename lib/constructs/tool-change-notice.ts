import { Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from "../../lambdas/aws/event-bus.ts";
import type { RecordType } from "../../lambdas/domain/evidence/record.ts";
import type { ExportBus } from "./export-bus.ts";

export interface ToolChangeNoticeProps {
  /** Where every record of a change comes by. */
  readonly exported: ExportBus;
  /** The alarms' topic. */
  readonly topic: Topic;
  /** Where a notice ends that could not be delivered. */
  readonly deadLetters: IQueue;
}

const TOOL_CHANGED: RecordType = "tool.changed";

/**
 * Tells operators which tool changed, and how: the alarm `ToolsChanged` is a count, and names neither. The exporter has made
 * the message ready, so that nothing that a server wrote passes through a template.
 */
export class ToolChangeNotice extends Construct {
  constructor(scope: Construct, id: string, { exported, topic, deadLetters }: ToolChangeNoticeProps) {
    super(scope, id);
    const rule = new Rule(this, "Rule", {
      description: "Countersign: tells operators which tool changed, and how",
      eventBus: exported.bus,
      eventPattern: {
        source: [EVENT_SOURCE],
        detailType: [EVENT_DETAIL_TYPE],
        detail: { metadata: { event_code: [TOOL_CHANGED] } },
      },
    });
    rule.addTarget({
      bind: () => ({
        arn: topic.topicArn,
        input: RuleTargetInput.fromEventPath("$.detail.unmapped.countersign.toolChange"),
        deadLetterConfig: { arn: deadLetters.queueArn },
      }),
    });
    // This rule and no other, of whatever account.
    const mayThisRule = (action: string, resource: string) =>
      new PolicyStatement({
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: [action],
        resources: [resource],
        conditions: { ArnEquals: { "aws:SourceArn": rule.ruleArn } },
      });
    topic.addToResourcePolicy(mayThisRule("sns:Publish", topic.topicArn));
    deadLetters.addToResourcePolicy(mayThisRule("sqs:SendMessage", deadLetters.queueArn));
  }
}
