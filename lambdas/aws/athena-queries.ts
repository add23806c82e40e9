import { AthenaClient, GetQueryExecutionCommand, InvalidRequestException } from "@aws-sdk/client-athena";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/**
 * The text of a query that was started, with the values of its parameters: CloudTrail leaves both out on purpose. Undefined
 * where Athena knows no such query (any more: it forgets after 45 days).
 */
export function athenaQueries(environment: Environment): (execution: string) => Promise<string | undefined> {
  const client = new AthenaClient(clientOptions(environment, "ATHENA"));
  return async (execution) => {
    try {
      const answer = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: execution }));
      const { Query, ExecutionParameters = [] } = answer.QueryExecution ?? {};
      if (Query === undefined) return undefined;
      return ExecutionParameters.length === 0 ? Query : `${Query}\n-- with ${ExecutionParameters.join(", ")}`;
    } catch (cause) {
      if (cause instanceof InvalidRequestException) return undefined;
      throw cause;
    }
  };
}
