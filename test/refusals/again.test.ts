import { gzipSync } from "node:zlib";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { METRIC } from "../../lambdas/metric-names.ts";
import { createRefusals } from "../../lambdas/refusals/refusals.ts";
import type { AccessLine } from "../../lambdas/refusals/refused-line.ts";
import { type AuditRoom, openAuditRoom } from "../audit/support/audit-room.ts";

const counted: string[] = [];
vi.mock("../../lambdas/operator-metrics.ts", () => ({ operatorMetrics: () => (name: string) => counted.push(name) }));

let room: AuditRoom;
beforeAll(async () => {
  room = await openAuditRoom();
}, 60_000);
afterAll(() => room?.stop());

const LINES = 20;
const line: Partial<AccessLine> = {
  status: "401",
  ip: "192.0.2.1",
  httpMethod: "POST",
  resourcePath: "/mcp/ops",
  responseType: "UNAUTHORIZED",
  authorizerLatency: "-",
};
const timestamp = Date.now();
const logEvents = Array.from({ length: LINES }, (_, at) => ({
  id: `line-${at}`,
  timestamp,
  message: JSON.stringify(line),
}));
const awslogs = { data: gzipSync(JSON.stringify({ messageType: "DATA_MESSAGE", logEvents })).toString("base64") };
const reasons = async () => (await room.records("access.refused")).map(({ reason = "" }) => reason);
const sums = async () => (await reasons()).flatMap((reason) => reason.match(/^at least \d+/) ?? []);

test("a batch of refusals that failed half-way and comes again says of each line what it said before, and counts it once", async () => {
  const environment = { ...room.environment, AWS_ENDPOINT_URL_DYNAMODB: room.tables.url };
  const refusals = createRefusals(environment);
  // The ledger is lost after eight of eleven records and the writer's own opening.
  room.tables.cutAfter(9, (operation) => operation === "PutItem");
  await expect(refusals({ awslogs }, {} as Context)).rejects.toThrow();
  expect((await reasons()).length).toBeLessThan(11);
  room.tables.mend();
  for (let delivery = 0; delivery < 2; delivery += 1) await refusals({ awslogs }, {} as Context);
  expect(await reasons()).toHaveLength(11);
  expect(await sums()).toEqual(["at least 16"]);
  expect(counted.filter((name) => name === METRIC.accessRefused)).toHaveLength(LINES);

  // Another environment has seen none of them, or others before: its count is another, the record is the same.
  const other = createRefusals(environment);
  const earlier = { id: "line-earlier", timestamp, message: JSON.stringify(line) };
  const data = gzipSync(JSON.stringify({ logEvents: [earlier, ...logEvents] })).toString("base64");
  await other({ awslogs: { data } }, {} as Context);
  expect(await sums(), "and of the 16th that it now counted").toEqual(["at least 16", "at least 16"]);
}, 60_000);
