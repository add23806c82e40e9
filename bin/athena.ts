import { setTimeout as sleep } from "node:timers/promises";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { clientOptions } from "../lambdas/aws/clients.ts";
import type { Environment } from "../lambdas/environment.ts";
import { LAKE } from "../lib/queries/tables.ts";
import type { Row } from "./duck-lake.ts";

const POLL_MS = 500;

/**
 * Asks Athena in the auditors' workgroup, under the caller's own AWS rights.
 *
 * @param parameters what each `?` of the query stands for; none of them may hold a quote
 * @throws Error with Athena's own word when the query fails
 */
export async function askAthena(environment: Environment, sql: string, parameters: readonly string[]): Promise<Row[]> {
  const client = new AthenaClient(clientOptions(environment, "ATHENA", 30_000));
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: LAKE.workgroup,
      QueryExecutionContext: { Database: LAKE.database },
      // A parameter is an SQL literal to Athena.
      ...(parameters.length === 0 ? {} : { ExecutionParameters: parameters.map((text) => `'${text}'`) }),
    }),
  );
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") break;
    if (State === "FAILED" || State === "CANCELLED")
      throw new Error(`Athena: ${StateChangeReason ?? State} (query ${QueryExecutionId})`);
    await sleep(POLL_MS);
  }
  const rows: Row[] = [];
  let names: string[] | undefined;
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId }))
    for (const { Data = [] } of ResultSet?.Rows ?? []) {
      const cells = Data.map(({ VarCharValue }) => VarCharValue ?? null);
      // The first row of the first page holds the names.
      if (names === undefined) names = cells.map((name) => name ?? "");
      else rows.push(Object.fromEntries(names.map((name, at) => [name, cells[at] ?? null])));
    }
  return rows;
}
