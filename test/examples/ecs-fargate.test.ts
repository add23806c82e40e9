import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { McpServerStack } from "../../examples/ecs-fargate/mcp-server-stack.ts";
import { NistPack, SolutionsPack } from "../../lib/rule-packs.ts";
import { resource, resourcesOf } from "../lib/template.ts";

const { context } = JSON.parse(readFileSync("cdk.json", "utf8")) as { context: Record<string, unknown> };
const app = new App({ context });
const stack = new McpServerStack(app, "McpServer", {
  env: { region: "eu-central-1" },
  vpcId: "vpc-0123456789abcdef0",
  subnets: [
    { id: "subnet-0c0c0c0c", zone: "eu-central-1a" },
    { id: "subnet-0d0d0d0d", zone: "eu-central-1b" },
  ],
  gatewayGroupId: "sg-0123456789abcdef0",
  hostName: "files.internal.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555",
  repository: "files-mcp",
  digest: `sha256:${"0".repeat(64)}`,
  port: 8080,
  healthPath: "/healthz",
  secretName: "countersign/servers/files",
});
const template = Template.fromStack(stack);

describe("the example on ECS Fargate", () => {
  test("is found by no rule of the packs", () => {
    const found = [new NistPack(stack), new SolutionsPack(stack)].flatMap(
      (pack) => pack.validateScope(stack).violations,
    );
    expect(found.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  test("lets in the gateway's group at the load balancer, and the load balancer at the tasks, and nobody else", () => {
    const groups = resourcesOf(template, "AWS::EC2::SecurityGroup");
    const inline = Object.entries(groups).flatMap(([id, { Properties }]) =>
      ((Properties.SecurityGroupIngress ?? []) as Record<string, unknown>[]).map((rule) => ({ id, ...rule })),
    );
    expect(inline).toEqual([
      expect.objectContaining({
        id: expect.stringMatching(/^FrontGroup/),
        SourceSecurityGroupId: "sg-0123456789abcdef0",
        FromPort: 443,
        ToPort: 443,
      }),
    ]);
    const apart = Object.values(resourcesOf(template, "AWS::EC2::SecurityGroupIngress")).map(
      ({ Properties }) => Properties,
    );
    expect(apart).toEqual([
      expect.objectContaining({
        GroupId: { "Fn::GetAtt": [expect.stringMatching(/^TaskGroup/), "GroupId"] },
        SourceSecurityGroupId: { "Fn::GetAtt": [expect.stringMatching(/^FrontGroup/), "GroupId"] },
        FromPort: 8080,
        ToPort: 8080,
      }),
    ]);
  });

  test("is internal, with TLS, and as patient as the gateway", () => {
    const { Properties } = resource(template, "AWS::ElasticLoadBalancingV2::LoadBalancer", "Balancer");
    expect(Properties.Scheme).toBe("internal");
    expect(Properties.LoadBalancerAttributes).toEqual(
      expect.arrayContaining([{ Key: "idle_timeout.timeout_seconds", Value: "900" }]),
    );
    expect(Object.values(resourcesOf(template, "AWS::ElasticLoadBalancingV2::Listener"))).toEqual([
      expect.objectContaining({ Properties: expect.objectContaining({ Port: 443, Protocol: "HTTPS" }) }),
    ]);
  });

  test("gives its tasks no public address and no secret in the clear", () => {
    const { Properties } = resource(template, "AWS::ECS::Service", "Service");
    expect(Properties.NetworkConfiguration).toMatchObject({
      AwsvpcConfiguration: { AssignPublicIp: "DISABLED", Subnets: ["subnet-0c0c0c0c", "subnet-0d0d0d0d"] },
    });
    const [container] = resource(template, "AWS::ECS::TaskDefinition", "Task").Properties
      .ContainerDefinitions as Record<string, unknown>[];
    expect(container).toMatchObject({ ReadonlyRootFilesystem: true, User: "1000", Secrets: [{ Name: "MCP_TOKEN" }] });
    expect(container).not.toHaveProperty("Environment");
  });
});
