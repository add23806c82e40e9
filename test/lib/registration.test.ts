import { readFileSync } from "node:fs";
import type { Stack } from "aws-cdk-lib";
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { configSchema } from "../../lib/config/schema.ts";
import { NistPack, SolutionsPack } from "../../lib/rule-packs.ts";
import { configWith, resourcesOf, synthesize } from "./template.ts";

const REGISTRATION = `registration:
  issuer: company
  clientId: countersign-mcp
  authorizationEndpoint: https://login.example.com/authorize
  tokenEndpoint: https://login.example.com/token
  scopes: [openid]
  redirectUris: [http://127.0.0.1/callback]

groups: [developers`;

const shippedStacks = synthesize();
const registering = synthesize(configWith({ "groups: [developers": REGISTRATION }));

/** The methods of the API that ask for no token, as `verb last-part`. */
function openMethods(gateway: Template): string[] {
  const parts = resourcesOf(gateway, "AWS::ApiGateway::Resource");
  return Object.values(resourcesOf(gateway, "AWS::ApiGateway::Method"))
    .filter(({ Properties }) => Properties.AuthorizationType === "NONE")
    .map(
      ({ Properties }) =>
        `${Properties.HttpMethod} ${parts[(Properties.ResourceId as { Ref: string }).Ref]?.Properties.PathPart}`,
    )
    .sort();
}

test("registering has a path only where it is configured, and the rule packs find nothing in it", () => {
  const without = openMethods(shippedStacks.gateway);
  expect(without.filter((method) => method.endsWith("register"))).toEqual([]);
  expect(openMethods(registering.gateway)).toEqual([...without, "OPTIONS register", "POST register"].sort());
  const stack = registering.app.node.findChild("CountersignGateway") as Stack;
  const violations = [new NistPack(stack), new SolutionsPack(stack)].flatMap(
    (pack) => pack.validateScope(stack).violations,
  );
  expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
});

describe("a configuration that cannot be meant", () => {
  const shipped = parse(readFileSync("config/gateway.yaml", "utf8")) as object;
  const good = {
    issuer: "company",
    clientId: "c",
    authorizationEndpoint: "https://login.example.com/authorize",
    tokenEndpoint: "https://login.example.com/token",
    scopes: ["openid"],
    redirectUris: ["https://client.example.com/callback"],
  };
  const problems = (registration: object, more: object = {}) =>
    configSchema.safeParse({ ...shipped, ...more, registration }).error?.issues.map(({ message }) => message) ?? [];

  test("is told, and one that can is not", () => {
    expect(problems(good)).toEqual([]);
    expect(problems({ ...good, issuer: "github" })).toEqual([expect.stringMatching(/of kind user: company/)]);
    expect(problems({ ...good, redirectUris: ["http://client.example.com/callback"] })[0]).toMatch(
      /only for a loopback/,
    );
    expect(problems({ ...good, redirectUris: ["https://client.example.com/?to=x"] })[0]).toMatch(/no query/);
    expect(problems({ ...good, tokenEndpoint: "http://login.example.com/token" })).toHaveLength(1);
    expect(problems(good, { publicUrl: null, certificateArn: null })[0]).toMatch(/publicUrl/);
  });
});
