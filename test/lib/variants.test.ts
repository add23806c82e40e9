import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resource, resourcesOf, synthesize } from "./template.ts";

/** The shipped configuration with texts replaced, synthesized; the rule packs would fail it. */
function stacksWith(changes: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-config-"));
  cpSync("config", folder, { recursive: true });
  const file = join(folder, "gateway.yaml");
  const text = Object.entries(changes).reduce(
    (yaml, [from, to]) => {
      expect(yaml).toContain(from);
      return yaml.replaceAll(from, to);
    },
    readFileSync("config/gateway.yaml", "utf8"),
  );
  writeFileSync(file, text);
  const stacks = synthesize(file);
  stacks.app.synth();
  return stacks;
}

describe("a trial", () => {
  const { evidence, gateway } = stacksWith({
    "publicUrl: https://countersign.example.com": "publicUrl: null",
    "certificateArn: arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555":
      "certificateArn: null",
    "mode: compliance": "mode: governance",
    "days: 400": "days: 1",
  });

  test("is reached by the API's own domain, and refuses with a plain challenge", () => {
    expect(resourcesOf(gateway, "AWS::ApiGateway::DomainName")).toEqual({});
    expect(resource(gateway, "AWS::ApiGateway::RestApi", "Api").Properties.DisableExecuteApiEndpoint).toBe(false);
    gateway.hasResourceProperties("AWS::ApiGateway::GatewayResponse", {
      ResponseType: "UNAUTHORIZED",
      ResponseParameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
    });
  });

  test("locks its vaults in governance mode", () => {
    evidence.hasResourceProperties("AWS::S3::Bucket", {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } },
    });
  });
});

describe("servers outside the VPC", () => {
  const server = (name: string) => `https://${name}.internal.example.com/mcp\n    network: `;

  test("are served by a second function beside the private one, each server by its own", () => {
    const { gateway } = stacksWith({ [`${server("ops")}private`]: `${server("ops")}public` });
    expect(resource(gateway, "AWS::Lambda::Function", "GatewayPublic").Properties.VpcConfig).toBeUndefined();
    expect(resource(gateway, "AWS::Lambda::Function", "GatewayPrivate").Properties.VpcConfig).toBeDefined();
    const uriOf = (path: string) => {
      const [id] =
        Object.entries(resourcesOf(gateway, "AWS::ApiGateway::Resource")).find(
          ([, { Properties }]) => Properties.PathPart === path,
        ) ?? [];
      const method = Object.values(resourcesOf(gateway, "AWS::ApiGateway::Method")).find(
        ({ Properties }) => (Properties.ResourceId as { Ref: string }).Ref === id,
      );
      return JSON.stringify((method?.Properties.Integration as { Uri: unknown } | undefined)?.Uri);
    };
    expect(uriOf("ops")).toContain("GatewayPublic");
    expect(uriOf("everything")).toContain("GatewayPrivate");
  });

  test("alone need no network at all", () => {
    const { gateway } = stacksWith({ "network: private": "network: public" });
    expect(resourcesOf(gateway, "AWS::EC2::VPC")).toEqual({});
    expect(resourcesOf(gateway, "AWS::Lambda::Function")).not.toHaveProperty("GatewayPrivate");
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
