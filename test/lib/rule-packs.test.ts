import { readFileSync } from "node:fs";
import { Duration, Stack } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Effect, ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Code, Function as Lambda, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, test } from "vitest";
import { acknowledgeFindings } from "../../lib/acknowledge.ts";
import { rulePacks } from "../../lib/rule-packs.ts";
import { synthesize } from "./template.ts";

const { app } = synthesize();
const violationsOf = (stack: Stack) => rulePacks(stack).flatMap((pack) => pack.validateScope(stack).violations);

/** A policy over all buckets, with those findings accepted that match. */
function policyWith(accepted: RegExp): Stack {
  const stack = new Stack();
  const statement = new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ["s3:GetObject"],
    resources: ["arn:aws:s3:::one/*", "arn:aws:s3:::two/*"],
  });
  const policy = new ManagedPolicy(stack, "Policy", { statements: [statement] });
  acknowledgeFindings(policy, "AwsSolutions-IAM5", accepted, "a reason");
  return stack;
}

describe("rule packs", () => {
  test("find nothing in the shipped stacks", () => {
    for (const name of ["CountersignEvidence", "CountersignGateway"])
      expect(violationsOf(app.node.findChild(name) as Stack).map(({ ruleName }) => ruleName)).toEqual([]);
  });

  test("find a bucket that nobody secured", () => {
    const stack = new Stack();
    new Bucket(stack, "Bare");
    expect(violationsOf(stack).map(({ ruleName }) => ruleName)).toEqual(
      expect.arrayContaining(["NIST.800.53.R5-S3BucketLoggingEnabled", "AwsSolutions-S1"]),
    );
  });

  test("find an event, a mail and a batch that would be lost without a word", () => {
    const stack = new Stack();
    const code = new Lambda(stack, "Code", {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline("// nothing"),
    });
    new Rule(stack, "Rule", { schedule: Schedule.rate(Duration.hours(1)), targets: [new LambdaFunction(code)] });
    new Topic(stack, "Topic").addSubscription(new EmailSubscription("somebody@example.com"));
    code.addEventSource(new SqsEventSource(new Queue(stack, "Queue")));
    expect(violationsOf(stack).map(({ ruleName }) => ruleName)).toEqual(
      expect.arrayContaining([
        "Serverless-EventBusDLQ",
        "Serverless-SNSRedrivePolicy",
        "Serverless-SQSRedrivePolicy",
        "Serverless-LambdaDLQ",
        "Serverless-LambdaEventSourceMappingDestination",
      ]),
    );
  });

  test("accept the findings that match, and those alone", () => {
    const iam5 = (stack: Stack) => violationsOf(stack).filter(({ ruleName }) => ruleName.includes("IAM5")).length;
    expect(iam5(policyWith(/nothing/))).toBe(2);
    expect(iam5(policyWith(/:::one\/\*$/))).toBe(1);
    expect(iam5(policyWith(/:::(one|two)\/\*$/))).toBe(0);
  });
});

test("every recommended feature flag is set as recommended, and the template rules fail a synth", () => {
  const { context } = JSON.parse(readFileSync("cdk.json", "utf8")) as { context: Record<string, unknown> };
  const recommended = JSON.parse(readFileSync("node_modules/aws-cdk-lib/recommended-feature-flags.json", "utf8"));
  expect(context).toMatchObject(recommended as Record<string, unknown>);
  expect(context["@aws-cdk/core:validateAgainstDefaultRules"]).toBe(true);
});
