import { describe, expect, test } from "vitest";
import { ConfigError } from "../../lib/config/config-error.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { actionsOf, configWith, resource, resourcesOf, rightsOf, statementsOf, synthesize } from "./template.ts";

const OPS =
  'credential: { kind: header, header: Authorization, prefix: "Bearer ", secretName: countersign/servers/ops }';
const ROLE = "arn:aws:iam::123456789012:role/servers/ops";
const RESOURCE = "arn:aws:execute-api:eu-central-1:123456789012:abc/prod/POST/mcp";
const sigv4 = (more: Record<string, string> = {}) =>
  credential({
    kind: "sigv4",
    service: "execute-api",
    region: "eu-central-1",
    roleArn: ROLE,
    resource: RESOURCE,
    sessionFor: "15m",
    ...more,
  });
const tokens = (more: Record<string, string> = {}) =>
  credential({
    kind: "client-credentials",
    tokenEndpoint: "https://login.example.com/token",
    tokenNetwork: "private",
    clientId: "gateway",
    secretName: "countersign/clients/ops",
    authentication: "client_secret_basic",
    scope: "null",
    audience: "null",
    resource: "null",
    ...more,
  });
const exchange = (more: Record<string, string> = {}) =>
  tokens({ kind: "token-exchange", callersOf: "[company]", subjectTokenType: "access_token", ...more });
const credential = (entries: Record<string, string>) =>
  `credential: { ${Object.entries(entries)
    .map(([key, value]) => `${key}: ${key === "callersOf" || value === "null" ? value : JSON.stringify(value)}`)
    .join(", ")} }`;
const PUBLIC = {
  "https://ops.internal.example.com/mcp\n    network: private\n    addresses: [10.0.0.0/16]":
    "https://ops.example.com/mcp\n    network: public",
};

const problemsOf = (changes: Record<string, string>): readonly string[] => {
  try {
    loadConfig(configWith(changes));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};
const gatewayWith = (changes: Record<string, string>) => {
  const { app, gateway } = synthesize(configWith(changes));
  app.synth();
  return gateway;
};

describe("a credential that cannot work is told at synth, with line, path, what was found and what is allowed", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      "a header of the protocol's own",
      { [OPS]: OPS.replace("Authorization", "Mcp-Session-Id") },
      /:\d+: servers\[1\]\.credential\.header: found "Mcp-Session-Id", allowed: a header that is not/,
    ],
    [
      "an ARN of another service",
      { [OPS]: sigv4({ resource: RESOURCE.replace("execute-api", "lambda") }) },
      /credential\.resource: .*an ARN of execute-api/,
    ],
    [
      "an ARN of another region",
      { [OPS]: sigv4({ region: "eu-west-1" }) },
      /credential\.resource: .*an ARN in eu-west-1/,
    ],
    [
      "a role that is none",
      { [OPS]: sigv4({ roleArn: "ops" }) },
      /credential\.roleArn: found "ops", allowed: the ARN of a role/,
    ],
    [
      "a session of a day",
      { [OPS]: sigv4({ sessionFor: "24h" }) },
      /credential\.sessionFor: found "24h", allowed: 15m to 1h/,
    ],
    [
      "a private Lambda URL",
      { [OPS]: sigv4({ service: "lambda", resource: RESOURCE.replace("execute-api", "lambda") }) },
      /servers\[1\]\.network: found "private", allowed: public: a Lambda URL/,
    ],
    [
      "a token endpoint without TLS",
      { [OPS]: tokens({ tokenEndpoint: "http://login.example.com/token" }) },
      /credential\.tokenEndpoint: .*allowed: an https URL/,
    ],
    [
      "a token endpoint where AWS keeps a machine's own credentials",
      { [OPS]: tokens({ tokenEndpoint: "https://169.254.169.254/latest" }) },
      /credential\.tokenEndpoint: .*allowed: a host that may be called/,
    ],
    [
      "a token endpoint on the function's own machine",
      { [OPS]: tokens({ tokenEndpoint: "https://login.localhost./token" }) },
      /credential\.tokenEndpoint: .*allowed: the authorization server's host/,
    ],
    [
      "a public server with a private token endpoint",
      { ...PUBLIC, [OPS]: tokens() },
      /credential\.tokenNetwork: found "private", allowed: public/,
    ],
    [
      "callers of an issuer that there is not",
      { [OPS]: exchange({ callersOf: "[company, nobody]" }) },
      /credential\.callersOf: .*allowed: issuers of this configuration: company, github/,
    ],
    [
      "an exchange that does not say whose tokens",
      { [OPS]: exchange().replace("callersOf: [company], ", "") },
      /credential\.callersOf: found nothing/,
    ],
    [
      "mutual TLS without TLS",
      { [OPS]: credential({ kind: "mutual-tls", secretName: "s" }), "https://ops.internal": "http://ops.internal" },
      /servers\[1\]\.url: .*allowed: an https URL: the certificate is shown in TLS/,
    ],
    ["an unknown kind", { [OPS]: credential({ kind: "password" }) }, /credential\.kind: found "password"/],
  ])("%s", (_what, changes, said) => {
    expect(problemsOf(changes).join("\n")).toMatch(said);
  });

  test.each([sigv4(), tokens(), exchange(), credential({ kind: "mutual-tls", secretName: "s" })])(
    "%s is taken",
    (text) => {
      expect(problemsOf({ [OPS]: text })).toEqual([]);
    },
  );
});

describe("what the gateway may do for its servers", () => {
  const secretsOf = (gateway: ReturnType<typeof gatewayWith>, name: string) =>
    JSON.stringify(
      rightsOf(gateway, name).filter((statement) => actionsOf(statement).includes("secretsmanager:GetSecretValue")),
    );

  test("it assumes exactly the configured roles, tagged and by name, and in the VPC there is an endpoint for it", () => {
    const gateway = gatewayWith({ [OPS]: sigv4() });
    const assuming = rightsOf(gateway, "GatewayPrivate").filter((statement) =>
      actionsOf(statement).some((action) => action.startsWith("sts:")),
    );
    expect(assuming).toEqual([
      { Effect: "Allow", Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"], Resource: ROLE },
    ]);
    const endpoint = Object.values(resourcesOf(gateway, "AWS::EC2::VPCEndpoint")).find(({ Properties }) =>
      JSON.stringify(Properties.ServiceName).includes("sts"),
    );
    expect(statementsOf(endpoint?.Properties.PolicyDocument)).toMatchObject([
      { Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"], Resource: ROLE },
    ]);
  });

  test("without such a server it may not assume anything", () => {
    const gateway = gatewayWith({});
    expect(JSON.stringify(rightsOf(gateway, "GatewayPrivate"))).not.toContain("sts:");
    expect(Object.keys(resourcesOf(gateway, "AWS::Lambda::Function")).filter((id) => id.startsWith("Minter"))).toEqual(
      [],
    );
  });

  test("a private server's public token endpoint is asked by a function outside the VPC, which alone reads the client's secret", () => {
    const gateway = gatewayWith({ [OPS]: tokens({ tokenNetwork: "public" }) });
    expect(resource(gateway, "AWS::Lambda::Function", "Minter").Properties.VpcConfig).toBeUndefined();
    expect(secretsOf(gateway, "Minter")).toContain("secret:countersign/clients/ops-??????");
    expect(secretsOf(gateway, "Minter")).not.toContain("servers/everything");
    expect(secretsOf(gateway, "GatewayPrivate")).toContain("servers/everything");
    expect(secretsOf(gateway, "GatewayPrivate")).not.toContain("clients/ops");
    const invoking = rightsOf(gateway, "GatewayPrivate").filter((statement) =>
      actionsOf(statement).includes("lambda:InvokeFunction"),
    );
    expect(JSON.stringify(invoking)).toMatch(
      /^\[\{"Action":"lambda:InvokeFunction","Effect":"Allow","Resource":\{"Fn::GetAtt":\["Minter\w+","Arn"\]\}\}\]$/,
    );
    const told = resource(gateway, "AWS::Lambda::Function", "GatewayPrivate").Properties.Environment as {
      Variables: Record<string, unknown>;
    };
    expect(told.Variables.MINTER_FUNCTION).toEqual({ Ref: expect.stringMatching(/^Minter/) });
    expect(rightsOf(gateway, "Minter").flatMap(actionsOf).sort()).toEqual([
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "secretsmanager:GetSecretValue",
    ]);
  });

  test("a token endpoint in the VPC is asked by the gateway itself", () => {
    const gateway = gatewayWith({ [OPS]: tokens() });
    expect(secretsOf(gateway, "GatewayPrivate")).toContain("clients/ops");
    expect(Object.keys(resourcesOf(gateway, "AWS::Lambda::Function")).filter((id) => id.startsWith("Minter"))).toEqual(
      [],
    );
  });

  test("no secret's text is anywhere in a template", () => {
    const gateway = gatewayWith({ [OPS]: tokens({ tokenNetwork: "public" }) });
    expect(JSON.stringify(gateway.toJSON())).not.toMatch(/resolve:secretsmanager/);
  });
});
