import { RemovalPolicy, Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { acknowledgeFindings } from "../acknowledge.ts";
import { PLAIN_PATH } from "../constants.ts";
import { approvalStates } from "./approval-states.ts";

export interface ApprovalFlowProps {
  readonly approvals: ITable;
  readonly tableKey: IKey;
  readonly topics: readonly ITopic[];
  readonly topicKey: IKey;
  readonly logKey: IKey;
}

/** The wait for a human: a Standard state machine without a function of its own. */
export class ApprovalFlow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { approvals, tableKey, topics, topicKey, logKey }: ApprovalFlowProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Log", {
      encryptionKey: logKey,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com"),
      path: PLAIN_PATH,
      description: "Countersign: approval flow",
    });
    const topicArns = topics.map((topic) => topic.topicArn);
    const policy = new ManagedPolicy(this, "Policy", {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ["sns:Publish"], resources: topicArns }),
        new PolicyStatement({ actions: ["dynamodb:UpdateItem"], resources: [approvals.tableArn] }),
        new PolicyStatement({
          actions: ["kms:GenerateDataKey", "kms:Decrypt"],
          resources: [topicKey.keyArn, tableKey.keyArn],
        }),
        new PolicyStatement({
          actions: [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
          ],
          resources: ["*"],
        }),
        new PolicyStatement({
          actions: [
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
          ],
          resources: ["*"],
        }),
      ],
    });
    acknowledgeFindings(
      policy,
      "AwsSolutions-IAM5",
      /^Resource::\*$/,
      "Step Functions' log delivery and X-Ray have no resources to name.",
    );

    this.stateMachine = new StateMachine(this, "StateMachine", {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(approvalStates(approvals.tableName))),
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Step Functions tries the role's log rights when the machine is made.
    this.stateMachine.node.addDependency(policy);
  }
}
