import type { Stack } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../lib/config/load.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { NistPack, SolutionsPack } from "../../lib/rule-packs.ts";
import { SAML, samlConfigFile, withSaml } from "./saml-config.ts";
import { resource, resourcesOf, synthesize } from "./template.ts";

const problemsOf = (config: object) =>
  (configSchema.safeParse(config).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("a configuration whose people come by SAML", () => {
  test("has the pool for an issuer, as the console's sign-in and as where clients are registered", () => {
    const { identity, console, registration } = loadConfig(samlConfigFile());
    expect(identity.issuers.map(({ name, kind }) => [name, kind])).toEqual([
      ["company", "user"],
      ["github", "workload"],
    ]);
    const [pool] = identity.issuers;
    expect(pool?.audiences).not.toContain(console.audience);
    expect(pool).toMatchObject({
      audienceClaim: "client_id",
      maxLifetime: 3600,
      require: { token_use: ["access"], person: null },
    });
    expect(registration).toMatchObject({ issuer: "company", scopes: ["openid"], redirectUris: SAML.redirectUris });
  });

  test("accepts no token before the pool is there: its names never resolve", () => {
    const [pool] = loadConfig(samlConfigFile()).identity.issuers;
    expect(pool?.issuer).toMatch(/\.invalid$/);
    expect(pool?.jwksUri).toMatch(/^https:\/\/pool\.invalid\//);
  });

  test("may be beside other issuers of people, who sign in to the console", () => {
    const { identity, console } = withSaml();
    const people = { ...identity.issuers[0], name: "partners", kind: "user", issuer: "https://partners.example.com" };
    const config = {
      ...withSaml(),
      identity: { ...identity, issuers: [people] },
      console: { ...console, issuer: "partners", clientId: "console", audience: "https://c.example.com/console" },
    };
    expect(problemsOf(config)).toEqual([]);
    expect(configSchema.parse(config).console.clientId).toBe("console");
  });

  test.each<[string, object, RegExp]>([
    ["metadata without TLS", { metadataUrl: "http://login.example.com/metadata" }, /saml\.metadataUrl: .*https/],
    ["metadata that is no URL", { metadataUrl: "metadata.xml" }, /saml\.metadataUrl/],
    ["a prefix with other characters", { domainPrefix: "Example_1" }, /saml\.domainPrefix: .*lower-case/],
    ["a prefix that ends with a dash", { domainPrefix: "example-" }, /saml\.domainPrefix/],
    ["a prefix that Cognito keeps for itself", { domainPrefix: "my-cognito-login" }, /domainPrefix: .*refuses/],
    ["no place to send clients back to", { redirectUris: [] }, /saml\.redirectUris/],
    ["a place without TLS", { redirectUris: ["http://client.example.com/cb"] }, /redirectUris\.0: https; http is only/],
    ["a place with a fragment", { redirectUris: ["https://client.example.com/#cb"] }, /redirectUris\.0: no fragment/],
    ["nobody's name", { attributes: { ...SAML.attributes, person: "" } }, /attributes\.person/],
    ["a group that is none", { groupNames: { "a-b": "nobody" } }, /groupNames\.a-b: a group: developers/],
    ["tokens that live for days", { tokenLifetime: "2d" }, /tokenLifetime: 5m to 24h/],
    ["renewal that ends before the token", { tokenLifetime: "24h", refreshFor: "2h" }, /refreshFor: 1h to 30d/],
    ["tokens that live for a part of a minute", { tokenLifetime: "450s" }, /saml\.tokenLifetime: whole minutes/],
    ["renewal for a part of a minute", { refreshFor: "3601s" }, /saml\.refreshFor: whole minutes/],
    ["a name that another issuer has", { name: "github" }, /saml\.name: a name that no issuer/],
    ["what nobody reads", { metadata: "x" }, /saml: Unrecognized key/],
  ])("is refused with %s", (_, change, said) => {
    expect(problemsOf(withSaml({ ...SAML, ...change })).join("\n")).toMatch(said);
  });

  test.each<[string, object, RegExp]>([
    ["a trial, which nobody can be sent back to", { publicUrl: null, certificateArn: null }, /needs a publicUrl/],
    ["a client of one's own for the console", { console: { ...withSaml().console, clientId: "c" } }, /clientId: null/],
    ["scopes that the pool has not", { console: { ...withSaml().console, scope: "openid email" } }, /scope: openid/],
    [
      "a registration at another issuer",
      {
        registration: {
          issuer: "company",
          clientId: "c",
          authorizationEndpoint: "https://login.example.com/a",
          tokenEndpoint: "https://login.example.com/t",
          scopes: ["openid"],
          redirectUris: ["https://client.example.com/cb"],
        },
      },
      /registration: nothing beside identity\.saml/,
    ],
    [
      "approvers who must show a second factor, which these tokens never say",
      { approverGroups: withSaml().approverGroups.map((group: object) => ({ ...group, secondFactor: ["mfa"] })) },
      /approverGroups\.0\.secondFactor: null/,
    ],
  ])("is refused with %s", (_, change, said) => {
    expect(problemsOf({ ...withSaml(), ...change }).join("\n")).toMatch(said);
  });

  test("is told file and line of a mistake", () => {
    expect(() => loadConfig(samlConfigFile(withSaml({ ...SAML, domainPrefix: "aws" })))).toThrow(
      /gateway\.yaml:\d+: identity\.saml\.domainPrefix: found "aws", allowed: a prefix without aws/,
    );
  });

  test("is needed for a console without a client", () => {
    const { identity: _, ...rest } = withSaml();
    const { identity } = withSaml();
    expect(problemsOf({ ...rest, identity: { issuers: identity.issuers } }).join("\n")).toMatch(
      /console\.clientId: a text/,
    );
  });
});

describe("the user pool", () => {
  const { app, gateway } = synthesize(samlConfigFile());
  const only = (type: string) => Object.values(resourcesOf(gateway, `AWS::Cognito::${type}`));

  test("is kept, has no sign-up and no recovery, and asks our function twice", () => {
    const [pool] = only("UserPool");
    expect(pool).toMatchObject({ DeletionPolicy: "Retain" });
    const federation = { "Fn::GetAtt": [expect.stringContaining("Federation"), "Arn"] };
    expect(pool?.Properties).toMatchObject({
      UserPoolTier: "ESSENTIALS",
      DeletionProtection: "ACTIVE",
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] },
      UsernameConfiguration: { CaseSensitive: true },
      Schema: [{ Name: "countersign", AttributeDataType: "String", Mutable: true }],
      LambdaConfig: {
        PreTokenGenerationConfig: { LambdaArn: federation, LambdaVersion: "V2_0" },
        InboundFederation: { LambdaArn: federation, LambdaVersion: "V1_0" },
      },
    });
  });

  test("signs people in by the provider's metadata, with signed requests, and only when it asked", () => {
    expect(only("UserPoolIdentityProvider").map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({
        ProviderName: "company",
        ProviderType: "SAML",
        AttributeMapping: { "custom:countersign": "countersign" },
        ProviderDetails: expect.objectContaining({
          MetadataURL: SAML.metadataUrl,
          RequestSigningAlgorithm: "rsa-sha256",
          IDPInit: false,
        }),
      }),
    ]);
  });

  test("asks for encrypted assertions where they are wanted", () => {
    const stacks = synthesize(samlConfigFile(withSaml({ ...SAML, encryptedAssertions: true })));
    const [provider] = Object.values(resourcesOf(stacks.gateway, "AWS::Cognito::UserPoolIdentityProvider"));
    expect(provider?.Properties.ProviderDetails).toMatchObject({ EncryptedResponses: true });
  });

  test.each([
    ["Mcp", SAML.redirectUris],
    ["Console", ["https://countersign.example.com/console/"]],
  ])("has a public client %s for the code grant alone, which may not change what people are", (name, callbacks) => {
    const client = resource(gateway, "AWS::Cognito::UserPoolClient", `SamlUsersPool${name}`).Properties;
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ["code"],
      // Without aws.cognito.signin.user.admin a token changes no attribute of whoever holds it.
      AllowedOAuthScopes: ["openid"],
      CallbackURLs: callbacks,
      ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"],
      EnableTokenRevocation: true,
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 60 },
      AccessTokenValidity: 60,
      RefreshTokenValidity: 720,
    });
    const [provider] = Object.keys(resourcesOf(gateway, "AWS::Cognito::UserPoolIdentityProvider"));
    expect(client.SupportedIdentityProviders).toEqual([{ Ref: provider }]);
  });

  test("has pages of the newer kind, with a style for each client", () => {
    expect(only("UserPoolDomain").map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ Domain: "example-countersign", ManagedLoginVersion: 2 }),
    ]);
    expect(only("ManagedLoginBranding")).toHaveLength(2);
  });

  test("is told to every function that reads the settings, and not to the one that it asks, which it would wait for", () => {
    const functions = Object.entries(resourcesOf(gateway, "AWS::Lambda::Function"));
    const told = functions.filter(([, { Properties }]) =>
      Object.hasOwn((Properties.Environment as { Variables: object }).Variables, "IDENTITY_POOL"),
    );
    const untold = functions.filter((entry) => !told.includes(entry)).map(([id]) => id);
    expect(untold).toEqual([expect.stringMatching(/^SamlFederation/)]);
    const facts = JSON.stringify(resource(gateway, "AWS::Lambda::Function", "Authorizer").Properties.Environment);
    expect(facts).toMatch(/cognito-idp\..*AWS::Region.*AWS::URLSuffix.*Ref.*SamlUsersPool/);
    expect(facts).toMatch(/SamlUsersPoolMcp.*SamlUsersPoolConsole/s);
  });

  test("is named in the outputs, as the provider's administrator needs it", () => {
    const { Outputs } = gateway.toJSON();
    expect(JSON.stringify(Outputs.SamlEntityId.Value)).toContain("urn:amazon:cognito:sp:");
    expect(JSON.stringify(Outputs.SamlAnswersTo.Value)).toContain("/saml2/idpresponse");
  });

  test("leaves the rule packs nothing to find", () => {
    const stack = app.node.findChild("CountersignGateway") as Stack;
    for (const pack of [new NistPack(stack), new SolutionsPack(stack)])
      expect(pack.validateScope(stack).violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  test("is not made where no provider speaks SAML", () => {
    const shipped = synthesize().gateway;
    const made = Object.values(shipped.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(made.filter((type) => type.startsWith("AWS::Cognito::"))).toEqual([]);
    expect(Object.keys(resourcesOf(shipped, "AWS::Lambda::Function")).filter((id) => id.includes("Saml"))).toEqual([]);
  });
});
