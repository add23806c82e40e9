import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Input of the approval state machine; every field is always there, so that its paths always resolve. */
export interface FlowInput {
  readonly approvalId: string;
  readonly pk: string;
  readonly sk: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
  readonly firstWaitSeconds: number;
  readonly escalate: boolean;
  readonly escalationTopicArn: string;
  readonly escalationGroup: string;
  readonly secondWaitSeconds: number;
}

export interface ApprovalFlow {
  /** Starts the flow of an approval; a second start of the same approval is no error. */
  start(input: FlowInput): Promise<void>;
}

export function approvalFlow(environment: Environment): ApprovalFlow {
  const client = new SFNClient(clientOptions(environment, "SFN"));
  const stateMachineArn = requireEnv(environment, ENV.stateMachine);
  return {
    async start(input) {
      try {
        await client.send(
          new StartExecutionCommand({ stateMachineArn, name: input.approvalId, input: JSON.stringify(input) }),
        );
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return;
        throw error;
      }
    },
  };
}
