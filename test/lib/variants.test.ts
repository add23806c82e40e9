import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { actionsOf, configWith, resource, resourcesOf, rightsOf, synthesize, TRIAL } from "./template.ts";

/** The shipped configuration with texts replaced, synthesized; the rule packs would fail it. */
function stacksWith(changes: Readonly<Record<string, string>>) {
  const stacks = synthesize(configWith(changes));
  stacks.app.synth();
  return stacks;
}

/** Where a verb of the path `/mcp/<server>` is sent to: its integration, as text, and its authorization. */
function methodOf(gateway: Template, verb: string, server: string): string | undefined {
  const [id] =
    Object.entries(resourcesOf(gateway, "AWS::ApiGateway::Resource")).find(
      ([, { Properties }]) => Properties.PathPart === server,
    ) ?? [];
  const method = Object.values(resourcesOf(gateway, "AWS::ApiGateway::Method")).find(
    ({ Properties }) => (Properties.ResourceId as { Ref: string }).Ref === id && Properties.HttpMethod === verb,
  );
  return method && JSON.stringify([method.Properties.AuthorizationType, method.Properties.Integration]);
}

/** How the shipped configuration begins a server, up to its network. */
const server = (name: string) => `https://${name}.internal.example.com/mcp\n    network: `;

describe("a trial", () => {
  const { evidence, gateway } = stacksWith({
    ...TRIAL,
    "identity:\n": "identity:\n  cacheFor: 0s\n",
    "mode: compliance": "mode: governance",
    "days: 400": "days: 1",
  });

  test("is reached by the API's own domain, whose metadata a refusal names", () => {
    expect(resourcesOf(gateway, "AWS::ApiGateway::DomainName")).toEqual({});
    expect(resource(gateway, "AWS::ApiGateway::RestApi", "Api").Properties.DisableExecuteApiEndpoint).toBe(false);
    const { ResponseParameters } = resource(gateway, "AWS::ApiGateway::GatewayResponse", "ApiNoToken").Properties;
    const [join] = Object.values(ResponseParameters as Record<string, { "Fn::Join": [string, unknown[]] }>);
    const parts = join?.["Fn::Join"][1].map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
    expect(parts?.join("")).toMatch(
      /^'Bearer resource_metadata="https:\/\/\{"Ref":"ApiC\w+"\}\.execute-api\.\{"Ref":"AWS::Region"\}\.\{"Ref":"AWS::URLSuffix"\}\/live\/\.well-known\/oauth-protected-resource"'$/,
    );
  });

  test("asks the authorizer at each call, where the configuration says so", () => {
    const { AuthorizerResultTtlInSeconds: seconds } = resource(
      gateway,
      "AWS::ApiGateway::Authorizer",
      "ApiTokens",
    ).Properties;
    expect(seconds).toBe(0);
  });

  test("locks its vaults in governance mode", () => {
    evidence.hasResourceProperties("AWS::S3::Bucket", {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } },
    });
  });
});

describe("servers outside the VPC", () => {
  test("are served by a second function beside the private one, each server by its own", () => {
    const { gateway } = stacksWith({ [`${server("ops")}private`]: `${server("ops")}public` });
    expect(resource(gateway, "AWS::Lambda::Function", "GatewayPublic").Properties.VpcConfig).toBeUndefined();
    expect(resource(gateway, "AWS::Lambda::Function", "GatewayPrivate").Properties.VpcConfig).toBeDefined();
    expect(methodOf(gateway, "ANY", "ops")).toContain("GatewayPublic");
    expect(methodOf(gateway, "ANY", "everything")).toContain("GatewayPrivate");
    const secrets = (name: string) => JSON.stringify(rightsOf(gateway, name)).match(/countersign\/servers\/\w+/g);
    expect(secrets("GatewayPublic"), "it reads the secrets of its own servers alone").toEqual([
      "countersign/servers/ops",
    ]);
    expect(secrets("GatewayPrivate")).toEqual(["countersign/servers/everything"]);
  });

  test("alone need no network at all", () => {
    const { gateway } = stacksWith({ "network: private": "network: public" });
    expect(resourcesOf(gateway, "AWS::EC2::VPC")).toEqual({});
    expect(resourcesOf(gateway, "AWS::Lambda::Function")).not.toHaveProperty("GatewayPrivate");
  });
});

describe("a server that pushes", () => {
  const { gateway } = stacksWith({ [`${server("ops")}private`]: `${server("ops")}private\n    push: true` });
  const lambda = (name: string) => resource(gateway, "AWS::Lambda::Function", name).Properties;

  test("has its GET answered by the listener, everything else by the gateway", () => {
    expect(methodOf(gateway, "GET", "ops")).toContain("ListenerPrivate");
    expect(methodOf(gateway, "ANY", "ops")).toContain("GatewayPrivate");
    expect(methodOf(gateway, "GET", "everything")).toBeUndefined();
  });

  test("streams for 15 minutes, with a token", () => {
    const get = methodOf(gateway, "GET", "ops");
    for (const part of ["CUSTOM", '"STREAM"', "900000", "/response-streaming-invocations"]) expect(get).toContain(part);
    expect(lambda("ListenerPrivate").Timeout).toBe(900);
  });

  test("cannot starve calls: the listener's concurrency is its own, and the gateway keeps all of its own", () => {
    expect(lambda("ListenerPrivate").ReservedConcurrentExecutions).toBe(100);
    expect(lambda("GatewayPrivate").ReservedConcurrentExecutions).toBe(200);
  });

  test("gives the listener the gateway's role path, environment and place in the VPC", () => {
    const pathOf = (name: string) => resource(gateway, "AWS::IAM::Role", `${name}Role`).Properties.Path;
    expect(pathOf("ListenerPrivate")).toBe(pathOf("GatewayPrivate"));
    const told = (name: string) => (lambda(name).Environment as { Variables: Record<string, string> }).Variables;
    expect(told("ListenerPrivate")).toEqual({ ...told("GatewayPrivate"), POWERTOOLS_SERVICE_NAME: "listener" });
    expect(lambda("ListenerPrivate").VpcConfig).toEqual(lambda("GatewayPrivate").VpcConfig);
  });

  test("gives the listener those of the gateway's rights that a stream needs: no approvals, no secret of other servers", () => {
    const rights = (name: string) =>
      rightsOf(gateway, name).flatMap((statement) =>
        actionsOf(statement).flatMap((action) =>
          [statement.Resource].flat().map((each) => `${action} ${JSON.stringify(each)}`),
        ),
      );
    const listening = rights("ListenerPrivate");
    expect(rights("GatewayPrivate")).toEqual(expect.arrayContaining(listening));
    expect(listening.filter((right) => right.includes("Approvals"))).toEqual([]);
    expect(listening.filter((right) => right.includes("countersign/servers/"))).toEqual([
      expect.stringContaining("countersign/servers/ops-"),
    ]);
  });

  test("has the listener watched like the gateway: errors, throttles and changed tools", () => {
    const named = Object.entries(resourcesOf(gateway, "AWS::CloudWatch::Alarm")).map(([id]) => id);
    for (const part of ["ListenerPrivateErrors", "ListenerPrivateThrottles", "ToolsChangedlistener"])
      expect(named.filter((id) => id.includes(part))).toHaveLength(1);
  });

  test("outside the VPC is served by a listener outside it, and none is made where no server pushes", () => {
    const mixed = stacksWith({ [`${server("ops")}private`]: `${server("ops")}public\n    push: true` }).gateway;
    expect(methodOf(mixed, "GET", "ops")).toContain("ListenerPublic");
    expect(resource(mixed, "AWS::Lambda::Function", "ListenerPublic").Properties.VpcConfig).toBeUndefined();
    const made = Object.keys(resourcesOf(mixed, "AWS::Lambda::Function"));
    expect(made.filter((id) => id.startsWith("Listener"))).toHaveLength(1);
  });
});

test("a private server on another port is reached", () => {
  const { gateway } = stacksWith({
    "https://ops.internal.example.com/mcp": "http://ops.internal.example.com:8080/mcp",
  });
  const ports = (
    resource(gateway, "AWS::EC2::SecurityGroup", "NetworkGatewayGroup").Properties.SecurityGroupEgress as {
      FromPort: number;
    }[]
  ).map(({ FromPort }) => FromPort);
  expect(ports.sort()).toEqual([443, 8080]);
});
