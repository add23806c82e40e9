import { expect, test } from "vitest";
import { METRIC } from "../../lambdas/metric-names.ts";
import { resource, resourcesOf, synthesize } from "./template.ts";

const { gateway } = synthesize();
const body = JSON.stringify(resource(gateway, "AWS::CloudWatch::Dashboard", "Dashboard").Properties.DashboardBody);

test("the dashboard shows what an operator asks for first", () => {
  for (const name of [
    METRIC.allowed,
    METRIC.denied,
    METRIC.overused,
    METRIC.accessRefused,
    METRIC.approvalsWaiting,
    METRIC.approvalAge,
    METRIC.notRecorded,
    METRIC.failed,
    METRIC.notHeld,
    METRIC.digestAge,
    "IteratorAge",
    "Errors",
    "Throttles",
  ])
    expect(body).toContain(name);
});

test("each server has a line of its own for its time, and each function one for its errors", () => {
  for (const server of ["everything", "ops"])
    expect(body).toContain(`\\"Countersign\\",\\"${METRIC.serverTime}\\",\\"service\\",\\"${server}\\"`);
  const functions = Object.keys(resourcesOf(gateway, "AWS::Lambda::Function")).filter((id) =>
    /Function[0-9A-F]{8}$/.test(id),
  );
  expect(functions.length).toBeGreaterThan(10);
  for (const id of functions) expect(body, id).toContain(id);
});
