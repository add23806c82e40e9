import { SendTaskSuccessCommand, SFNClient, TaskDoesNotExist, TaskTimedOut } from "@aws-sdk/client-sfn";
import type { Approval } from "../domain/approval/approval.ts";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

export interface TaskTokens {
  /** Wakes the state machine that waits for this approval. The row is the truth already, so a late or lost wake changes nothing. */
  wake(row: Approval): Promise<void>;
}

export function taskTokens(environment: Environment): TaskTokens {
  const client = new SFNClient(clientOptions(environment, "SFN"));
  return {
    async wake({ id, status, taskToken }) {
      // Decided before the machine stored its token: its own conditional write finds the row decided and ends.
      if (taskToken === undefined) return;
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ id, status }) }));
      } catch (error) {
        if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return;
        throw error;
      }
    },
  };
}
