import { expect, test } from "vitest";
import { LEAVER_EVENT } from "../../lambdas/leaver/event.ts";
import { actionsOf, resource, resourcesOf, rightsOf, statementsOf, synthesize } from "./template.ts";

const { gateway } = synthesize();

test("the leaver function hears its own kind of event, on a bus of its own that is encrypted", () => {
  const { Properties } = resource(gateway, "AWS::Events::Rule", "LeaversRule");
  expect(Properties.EventPattern).toEqual({ source: [LEAVER_EVENT.source], "detail-type": [LEAVER_EVENT.detailType] });
  expect(JSON.stringify(Properties.EventBusName)).toContain("LeaversBus");
  expect(JSON.stringify(Properties.Targets)).toContain("Leaver");
  expect(resource(gateway, "AWS::Events::EventBus", "Leavers").Properties.KmsKeyIdentifier).toBeDefined();
});

test("an event that never reaches the function is kept where an alarm rings, encrypted by a key that EventBridge may use", () => {
  const { Targets } = resource(gateway, "AWS::Events::Rule", "LeaversRule").Properties as {
    readonly Targets: readonly { readonly DeadLetterConfig?: unknown }[];
  };
  expect(JSON.stringify(Targets[0]?.DeadLetterConfig)).toMatch(/"DeadLetters/);
  const { KeyPolicy } = resource(gateway, "AWS::KMS::Key", "LogKey").Properties;
  for (const service of ["events", "sns"]) {
    const own = statementsOf(KeyPolicy).filter(
      (statement) =>
        JSON.stringify(statement).includes(`"Service":"${service}.amazonaws.com"`) && statement.Condition !== undefined,
    );
    expect(own.flatMap(actionsOf), service).toEqual(expect.arrayContaining(["kms:Decrypt", "kms:GenerateDataKey"]));
  }
});

test("nobody is let on the bus by the stack: it has no resource policy, and no function may put events there", () => {
  expect(resourcesOf(gateway, "AWS::Events::EventBusPolicy")).toEqual({});
  const puts = Object.values(resourcesOf(gateway, "AWS::IAM::ManagedPolicy")).filter(({ Properties }) =>
    /events:PutEvents.*LeaversBus|LeaversBus.*events:PutEvents/.test(JSON.stringify(Properties.PolicyDocument)),
  );
  expect(puts).toEqual([]);
});

test("it may append, end and block, and reads no vault", () => {
  expect([...new Set(rightsOf(gateway, "Leaver").flatMap(actionsOf))].sort()).toEqual([
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:Sign",
    "states:SendTaskSuccess",
  ]);
});
