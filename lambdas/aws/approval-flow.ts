import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** Input of the approval state machine; every field is always there, so that its paths always resolve. */
export interface FlowInput {
  readonly approvalId: string;
  readonly pk: string;
  readonly sk: string;
  readonly baseUrl: string;
  readonly group: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly reminderSubject: string;
  readonly message: string;
  /** Approvals of one minute that the group is mailed of one by one. */
  readonly singleMails: number;
  /** Seconds until the reminder, or until what comes in its place. */
  readonly firstWaitSeconds: number;
  readonly remind: boolean;
  /** Seconds between the reminder and what comes after it. */
  readonly reminderWaitSeconds: number;
  readonly escalate: boolean;
  readonly escalationTopicArn: string;
  readonly escalationGroup: string;
  /** Seconds between the escalation and the end. */
  readonly escalationWaitSeconds: number;
}

export interface ApprovalFlow {
  /**
   * Starts the flow of an approval; a second start of the same approval is no error.
   * @returns whether this very call started it
   */
  start(input: FlowInput): Promise<boolean>;
}

/** A start earlier than this, in milliseconds, was somebody else's: clocks differ a little. */
const CLOCKS_DIFFER = 5000;

export function approvalFlow(environment: Environment): ApprovalFlow {
  const client = new SFNClient(clientOptions(environment, "SFN"));
  const stateMachineArn = requireEnv(environment, ENV.stateMachine);
  return {
    async start(input) {
      const begun = Date.now();
      try {
        const { startDate } = await client.send(
          new StartExecutionCommand({ stateMachineArn, name: input.approvalId, input: JSON.stringify(input) }),
        );
        // One that runs already, with the same input, is answered as if it were new: only its date is old.
        return startDate === undefined || startDate.getTime() > begun - CLOCKS_DIFFER;
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return false;
        throw error;
      }
    },
  };
}
