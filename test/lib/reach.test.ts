import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { actionsOf, configWith, resource, rightsOf, statementsOf, synthesize } from "./template.ts";

/*
 * What a role allows is held against what its function asks for where servers are private (test/least-privilege). Here it is
 * shown that the functions for public servers may do the same, no more and no less, but for what names servers and the VPC.
 */
const reaching = (network: "private" | "public") =>
  synthesize(configWith({ "network: private": `network: ${network}\n    push: true` })).gateway;
const inside = reaching("private");
const outside = reaching("public");

/** What a function may do beyond its own work: log, traces, dead letters and network. A log goes by its function's name. */
const platformOf = (gateway: Template, name: string): string[] =>
  statementsOf(resource(gateway, "AWS::IAM::ManagedPolicy", `${name}Platform`).Properties.PolicyDocument)
    .flatMap((statement) =>
      actionsOf(statement).flatMap((action) =>
        [statement.Resource].flat().map((each) => `${action} ${JSON.stringify(each)}`),
      ),
    )
    .map((right) => right.replace(/(Gateway|Listener)(Private|Public)Log[0-9A-F]{8}/, "Log"))
    .sort();
const isOfTheNetwork = (right: string) => right.startsWith("ec2:");

describe.each(["Gateway", "Listener"])("the role of %s", (name) => {
  test("allows the same for public servers as for private ones, right by right", () => {
    const rights = rightsOf(outside, `${name}Public`);
    expect(rights.length).toBeGreaterThan(3);
    expect(rights).toEqual(rightsOf(inside, `${name}Private`));
  });

  test("makes interfaces in the VPC for private servers, and is the same in all else", () => {
    const [there, here] = [platformOf(inside, `${name}Private`), platformOf(outside, `${name}Public`)];
    expect(there.some(isOfTheNetwork)).toBe(true);
    expect(here).toEqual(there.filter((right) => !isOfTheNetwork(right)));
  });
});

test("where servers are of both kinds, each function reads the secrets of its own alone", () => {
  const { gateway } = synthesize(
    configWith({
      "ops.internal.example.com/mcp\n    network: private": "ops.internal.example.com/mcp\n    network: public",
    }),
  );
  const secretsOf = (name: string) =>
    [...JSON.stringify(rightsOf(gateway, name)).matchAll(/secret:countersign\/servers\/(\w+)/g)].map(([, of]) => of);
  expect(secretsOf("GatewayPrivate")).toEqual(["everything"]);
  expect(secretsOf("GatewayPublic")).toEqual(["ops"]);
});
