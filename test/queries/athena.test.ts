import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  ListQueryExecutionsCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answer } from "../../bin/commands/query.ts";
import type { Place } from "../../bin/place.ts";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { NAMED_QUERIES } from "../../lib/queries/index.ts";
import { type NamedQuery, namedQueryText } from "../../lib/queries/named-query.ts";
import { LAKE } from "../../lib/queries/tables.ts";
import { type Moto, startMoto } from "../../local/moto.ts";

/** moto runs no query: what it answers is told beforehand; how it is asked is real. */
describe("a query that Athena answers", () => {
  let moto: Moto;
  let place: Place;
  let athena: AthenaClient;
  beforeAll(async () => {
    moto = await startMoto();
    const environment = { AWS_ENDPOINT_URL: moto.url, AWS_REGION: "us-east-1" };
    place = { environment, maskedVault: "", url: "" };
    athena = new AthenaClient(clientOptions(environment, "ATHENA"));
    await athena.send(
      new CreateWorkGroupCommand({
        Name: LAKE.workgroup,
        Configuration: { ResultConfiguration: { OutputLocation: "s3://results/" } },
      }),
    );
  });
  afterAll(() => moto?.stop());

  async function willAnswer(names: readonly string[], ...rows: (string | null)[][]) {
    const cells = (row: readonly (string | null)[]) => ({
      Data: row.map((VarCharValue) => (VarCharValue === null ? {} : { VarCharValue })),
    });
    const result = {
      rows: [names, ...rows].map(cells),
      column_info: names.map((Name) => ({ Name, Type: "varchar" })),
    };
    const { status } = await fetch(`${moto.url}/moto-api/static/athena/query-results`, {
      method: "POST",
      body: JSON.stringify({ account_id: "123456789012", region: "us-east-1", results: [result] }),
    });
    expect(status).toBe(201);
  }
  const COLUMNS = ["target", "answer_row", "covered_from", "covered_until", "covered_records"];

  test("is asked in the auditors' workgroup, with its days as parameters, and told without what covers it", async () => {
    await willAnswer(COLUMNS, ["delete_everything", "1", "2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z", "9"]);
    const { rows, covers } = await answer(place, "denied-calls", {
      athena: true,
      from: "2026-03-01",
      until: "2026-03-02",
    });
    expect(rows).toEqual([{ target: "delete_everything" }]);
    expect(covers).toBe(
      "Covers what arrived in the archive from 2026-03-01 to 2026-03-02 (UTC): 9 records, written from 2026-03-01T00:00:00.000Z to 2026-03-02T00:00:00.000Z.",
    );
    const { QueryExecutionIds = [] } = await athena.send(new ListQueryExecutionsCommand({ WorkGroup: LAKE.workgroup }));
    const { QueryExecution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId: QueryExecutionIds[0] }),
    );
    const denied = NAMED_QUERIES.find(({ name }) => name === "denied-calls") as NamedQuery;
    expect(QueryExecution).toMatchObject({
      Query: namedQueryText(denied),
      WorkGroup: LAKE.workgroup,
      QueryExecutionContext: { Database: LAKE.database },
      ExecutionParameters: ["'2026-03-01'", "'2026-03-02'"],
    });
  });

  test("that found nothing says over what", async () => {
    await willAnswer(COLUMNS, [null, null, null, null, "0"]);
    const { rows, covers } = await answer(place, "self-approvals", { athena: true });
    expect(rows).toEqual([]);
    expect(covers).toContain("Covers nothing");
  });

  test("days and SQL of one's own do not go together", async () => {
    await expect(answer(place, "SELECT 1", { athena: true, from: "2026-03-01" })).rejects.toThrow(/WHERE dt/);
    await expect(answer(place, "denied-calls", { athena: true, from: "'; DROP" })).rejects.toThrow(/is no day/);
    await expect(answer(place, "no-such-query", { athena: true })).rejects.toThrow(/--list/);
  });
});
