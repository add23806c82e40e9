import { AthenaClient, paginateGetQueryResults } from "@aws-sdk/client-athena";
import { athenaStatement } from "../lambdas/aws/athena-statement.ts";
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
  const run = athenaStatement(environment, POLL_MS);
  const QueryExecutionId = await run({ sql, parameters, workgroup: LAKE.workgroup, database: LAKE.database });
  const client = new AthenaClient(clientOptions(environment, "ATHENA", 30_000));
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
