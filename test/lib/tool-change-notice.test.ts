import { expect, test } from "vitest";
import { ocsfEvent } from "../../lambdas/domain/evidence/ocsf.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { resource, resourcesOf, type Statement, statementsOf, synthesize } from "./template.ts";

const { gateway } = synthesize();
const rule = resource(gateway, "AWS::Events::Rule", "ToolChangeNotice").Properties as {
  readonly EventBusName: unknown;
  readonly EventPattern: {
    readonly source: readonly string[];
    readonly "detail-type": readonly string[];
    readonly detail: { readonly metadata: { readonly event_code: readonly string[] } };
  };
  readonly Targets: readonly {
    readonly Arn: unknown;
    readonly InputPath: string;
    readonly RoleArn?: unknown;
    readonly DeadLetterConfig: unknown;
  }[];
};

/** What lies at a path of dots, as EventBridge reads it. */
const at = (path: string, event: unknown) =>
  path
    .split(".")
    .slice(1)
    .reduce((value, name) => (value as Record<string, unknown>)[name], event);

/** The event of a record, as the exporter puts it on the bus. */
const told = (type: LedgerRecord["type"]) => {
  const change = { name: "list_notes", differences: [{ pointer: "/description", before: '"a"', after: '"b"' }] };
  const text = JSON.stringify({ tools: [change] });
  const response = {
    text,
    key: null,
    originalHash: "",
    originalBytes: 1,
    findings: [],
    findingCount: 0,
    sealedHash: null,
  };
  const record: LedgerRecord = {
    v: 1,
    id: "01JG0000000000000000000000",
    type,
    occurredAt: "2026-11-21T10:00:00.123Z",
    recordedAt: "2026-11-21T10:00:00.200Z",
    component: "gateway",
    session: "s",
    server: "notes",
    target: "list_notes",
    outcome: "changed",
    response,
    writer: { id: "01JG0000000000000000000001", seq: 7, previous: "" },
  };
  return { detail: ocsfEvent(record, { hash: "", signature: "" }) };
};

test("operators are told of a changed tool on the alarms' topic, by a rule on the bus of all records", () => {
  expect(rule.EventPattern.detail.metadata.event_code).toEqual([told("tool.changed").detail.metadata.event_code]);
  expect(rule.EventPattern).toMatchObject({ source: ["countersign"], "detail-type": ["OCSF API Activity"] });
  expect(JSON.stringify(rule.EventBusName)).toContain("ExportBus");
  expect(JSON.stringify(rule.Targets[0]?.Arn)).toContain("AlarmsTopic");
});

test("the message names server, tool and difference", () => {
  const path = rule.Targets[0]?.InputPath ?? "";
  expect(at(path, told("tool.changed"))).toMatchObject({
    alarm: "ToolsChanged",
    server: "notes",
    tools: "list_notes",
    differences: [{ tool: "list_notes", pointer: "/description", before: '"a"', after: '"b"' }],
    runbook: "docs/runbook.md#tools-changed",
  });
  expect(at(path, told("tool.pinned"))).toBeUndefined();
});

test("EventBridge may publish there for this rule alone, and what it cannot deliver is kept where an alarm rings", () => {
  expect(rule.Targets[0]?.RoleArn).toBeUndefined();
  expect(JSON.stringify(rule.Targets[0]?.DeadLetterConfig)).toMatch(/"DeadLetters/);
  const ofEvents = (type: string, name: string): readonly Statement[] =>
    Object.entries(resourcesOf(gateway, type))
      .filter(([id]) => id.startsWith(name))
      .flatMap(([, { Properties }]) => statementsOf(Properties.PolicyDocument))
      .filter((statement) => JSON.stringify(statement).includes('"Service":"events.amazonaws.com"'));
  const publishing = ofEvents("AWS::SNS::TopicPolicy", "AlarmsTopic");
  expect(publishing).toHaveLength(1);
  expect(publishing[0]).toMatchObject({ Effect: "Allow", Action: "sns:Publish" });
  const own = JSON.stringify({ ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": [ruleId(), "Arn"] } } });
  expect(JSON.stringify(publishing[0]?.Condition)).toBe(own);
  const kept = ofEvents("AWS::SQS::QueuePolicy", "DeadLetters").filter((it) => JSON.stringify(it.Condition) === own);
  expect(kept.map(({ Action }) => Action)).toEqual(["sqs:SendMessage"]);
});

const ruleId = () =>
  Object.keys(resourcesOf(gateway, "AWS::Events::Rule")).find((id) => id.startsWith("ToolChangeNotice")) ?? "";
