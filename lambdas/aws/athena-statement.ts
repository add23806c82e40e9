import { setTimeout as sleep } from "node:timers/promises";
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** A statement that Athena is to run. */
export interface Statement {
  readonly sql: string;
  /** What each `?` stands for; no text with a quote. None where there is no `?`. */
  readonly parameters: readonly string[];
  readonly workgroup: string;
  readonly database: string;
}

const POLL_MS = 2000;

/**
 * Runs a statement and waits until it has ended.
 * @returns its id, by which results are asked for
 * @throws Error with Athena's own word when it failed
 */
export function athenaStatement(environment: Environment, pollMs = POLL_MS) {
  const client = new AthenaClient(clientOptions(environment, "ATHENA", 30_000));
  return async ({ sql, parameters, workgroup, database }: Statement): Promise<string> => {
    const { QueryExecutionId = "" } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
        // A parameter is an SQL literal to Athena.
        ...(parameters.length === 0 ? {} : { ExecutionParameters: parameters.map((text) => `'${text}'`) }),
      }),
    );
    for (;;) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      if (State === "SUCCEEDED") return QueryExecutionId;
      if (State === "FAILED" || State === "CANCELLED")
        throw new Error(`Athena: ${StateChangeReason ?? State} (query ${QueryExecutionId})`);
      await sleep(pollMs);
    }
  };
}
