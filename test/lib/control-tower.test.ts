import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Table } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { describe, expect, test } from "vitest";
import { acknowledge } from "../../lib/acknowledge.ts";
import { createApp } from "../../lib/app.ts";
import { controlFindings, controlsAbout } from "../../lib/control-tower.ts";
import { fullestConfigFile } from "../../lib/fullest-config.ts";

const stacksOf = (configFile: string) => {
  const app = createApp({ configFile, bundling: false, checks: false, outdir: mkdtempSync(join(tmpdir(), "guard-")) });
  return app.node.children.filter(Stack.isStack);
};

/** The controls that matter to a gateway of this kind, of the services that it is made of. */
const NAMED = [
  ...[1, 2, 3, 6].map((n) => `ct-apigateway-pr-${n}`),
  ...[1, 2, 3, 4].map((n) => `ct-cloudwatch-pr-${n}`),
  ...[1, 2].map((n) => `ct-dynamodb-pr-${n}`),
  ...[1, 2, 3].map((n) => `ct-kms-pr-${n}`),
  ...[2, 3].map((n) => `ct-lambda-pr-${n}`),
  ...[1, 2, 3, 4, 5, 6, 8, 9, 10, 11].map((n) => `ct-s3-pr-${n}`),
  ...[1, 2].map((n) => `ct-sqs-pr-${n}`),
  ...[1, 2].map((n) => `ct-stepfunctions-pr-${n}`),
  "ct-wafv2-pr-1",
];

describe("the guard rules of AWS Control Tower's proactive controls", () => {
  test.each([
    ["as shipped", "config/gateway.yaml"],
    ["with every option", fullestConfigFile()],
  ])(
    "find nothing in either stack, %s",
    (_, configFile) => {
      for (const stack of stacksOf(configFile)) expect(controlFindings(stack), stack.stackName).toEqual([]);
    },
    300_000,
  );

  test("are all that name these stacks' resources, those that matter here among them", () => {
    const about = stacksOf("config/gateway.yaml").flatMap(controlsAbout);
    expect(about).toEqual(expect.arrayContaining(NAMED));
  });

  test("find what is wrong, each under its control's name", () => {
    const stack = new Stack(new App(), "Careless");
    new Bucket(stack, "Bare");
    new Table(stack, "Open", { partitionKey: { name: "id", type: "S" as never } });
    new Key(stack, "Still");
    const found = controlFindings(stack).map(({ control, resource }) => `${control} ${resource.slice(0, 4)}`);
    expect(found).toEqual(
      expect.arrayContaining(["CT.S3.PR.9 Bare", "CT.S3.PR.1 Bare", "CT.DYNAMODB.PR.1 Open", "CT.KMS.PR.1 Stil"]),
    );
  }, 60_000);

  test("leave what is acknowledged, there and below, and nothing else", () => {
    const stack = new Stack(new App(), "Known");
    for (const name of ["One", "Two"]) new Bucket(stack, name);
    acknowledge(stack.node.findChild("One"), ["CT.S3.PR.9"], "a reason");
    const found = controlFindings(stack).filter(({ control }) => control === "CT.S3.PR.9");
    expect(found.map(({ resource }) => resource.slice(0, 3))).toEqual(["Two"]);
  }, 60_000);
});
