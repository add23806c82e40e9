import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  ListQueryExecutionsCommand,
} from "@aws-sdk/client-athena";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askDuck } from "../../bin/duck-lake.ts";
import { clientOptions } from "../../lambdas/aws/clients.ts";
import { compactedDays } from "../../lambdas/aws/compacted-days.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { createCompactor } from "../../lambdas/compactor/compactor.ts";
import { RECORD_COLUMNS } from "../../lambdas/domain/evidence/columns.ts";
import { COMPACT, compactFolder, compactSelect, compactStatement } from "../../lib/queries/compaction.ts";
import { LAKE } from "../../lib/queries/tables.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { recordMaker, somebody } from "../support/records.ts";

/** moto runs no statement: what is started, and when, is what is looked at; the statement itself runs on DuckDB below. */
const NOW = Date.parse("2026-03-10T03:20:00Z");
let moto: Moto;
let environment: Record<string, string>;
let athena: AthenaClient;
let aws: ReturnType<typeof localAws>;

beforeAll(async () => {
  moto = await startMoto();
  aws = localAws(moto.url);
  environment = {
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: "us-east-1",
    MASKED_VAULT: "masked",
    COMPACTED_BUCKET: "compacted",
  };
  athena = new AthenaClient(clientOptions(environment, "ATHENA"));
  for (const Bucket of ["masked", "compacted"]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const Configuration = { ResultConfiguration: { OutputLocation: "s3://compacted/statements/" } };
  await athena.send(new CreateWorkGroupCommand({ Name: COMPACT.workgroup, Configuration }));
}, 60_000);
afterAll(() => moto?.stop());

const run = (event = {}) => createCompactor(environment, () => NOW, 1)(event, {} as Context);
const written = (day: string) =>
  aws.s3.send(new PutObjectCommand({ Bucket: "compacted", Key: `${compactFolder(day)}part-0`, Body: "PAR1" }));

/** Days whose statement was started, each time. */
async function started(): Promise<string[]> {
  const { QueryExecutionIds = [] } = await athena.send(
    new ListQueryExecutionsCommand({ WorkGroup: COMPACT.workgroup }),
  );
  const days: string[] = [];
  for (const QueryExecutionId of QueryExecutionIds) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    expect(QueryExecution).toMatchObject({
      Query: compactStatement(),
      QueryExecutionContext: { Database: LAKE.database },
    });
    days.push(...(QueryExecution?.ExecutionParameters ?? []));
  }
  return days.sort();
}

test("each day that ended, has records and is not there yet is compacted once, in order to catch up", async () => {
  for (const day of ["2026-03-01", "2026-03-05", "2026-03-07", "2026-03-08", "2026-03-09"])
    await vault(environment, "masked").put(`transcripts/dt=${day}/hh=05/some.jsonl.gz`, "{}\n");
  await written("2026-03-05");
  await run();
  // The 9th may still grow, the 5th is there, the 6th is empty, and the 1st ended eight days ago, as far as a run looks.
  expect(await started()).toEqual(["'2026-03-01'", "'2026-03-07'", "'2026-03-08'"]);
  for (const day of ["2026-03-01", "2026-03-07", "2026-03-08"]) await written(day);
  await run();
  expect(await started()).toHaveLength(3);
});

test("a day is made anew when an operator asks for it: its files are gone before", async () => {
  await run({ day: "2026-03-05" });
  expect(await started()).toContain("'2026-03-05'");
  expect(await compactedDays(environment).has("2026-03-05")).toBe(false);
  expect(await compactedDays(environment).has("2026-03-07")).toBe(true);
  await expect(run({ day: "'; DROP" })).rejects.toThrow("a day such as");
});

test("what it writes is each record once, without bodies", async () => {
  const make = recordMaker();
  const records = [
    make({ principal: somebody("dana"), risks: ["iam-change"] }),
    make({ type: "call.completed", outcome: "ok", durationMs: 12 }),
  ];
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  const files = ["05", "06"].map((hour) => ({ key: `transcripts/dt=2026-03-04/hh=${hour}/some.jsonl`, bytes: text }));
  const rows = await askDuck(files, compactSelect(), ["2026-03-04"]);
  expect(rows.map(({ id }) => id).sort()).toEqual(records.map(({ id }) => id));
  expect(rows.find(({ type }) => type === "call.received")).toMatchObject({
    principal: records[0]?.principal?.id,
    risks: ["iam-change"],
    dt: "2026-03-04",
  });
  expect(Object.keys(rows[0] ?? {})).toEqual([...COMPACT.columns.map(({ name }) => name), "dt"]);
  expect(await askDuck(files, compactSelect(), ["2026-03-05"])).toEqual([]);
});

test("no column of it is a body, and none is named like a record's that is something else", () => {
  const names = COMPACT.columns.map(({ name }) => name);
  expect(names).not.toContain("request");
  expect(names).not.toContain("response");
  expect(new Set(names).size).toBe(names.length);
  expect(RECORD_COLUMNS.map(({ name }) => name)).toContain("request");
});
