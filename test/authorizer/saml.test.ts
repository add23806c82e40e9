import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIGatewayRequestAuthorizerEvent, PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthorizer } from "../../lambdas/authorizer/authorizer.ts";
import { tokenVerifier } from "../../lambdas/authorizer/token-verifier.ts";
import { callerOfContext } from "../../lambdas/domain/identity/caller.ts";
import type { Refusal } from "../../lambdas/domain/identity/refusal.ts";
import { consoleSettings } from "../../lambdas/domain/site/console-settings.ts";
import { createFederation } from "../../lambdas/federation/federation.ts";
import { loadSettings } from "../../lambdas/settings.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { invocation } from "../../local/api/functions.ts";
import { beforeTokens, DANA, inbound } from "../federation/events.ts";
import { withSaml } from "../lib/saml-config.ts";
import { listed, rsa, seconds, serving, signed, startIssuer } from "./support/issuer.ts";

const folder = mkdtempSync(join(tmpdir(), "authorizer-saml-"));
const file = join(folder, "settings.json");
const key = rsa();
let pool: Awaited<ReturnType<typeof startIssuer>>;
let environment: Record<string, string>;
let asserted: Record<string, unknown>;

beforeAll(async () => {
  writeFileSync(file, JSON.stringify({ config: configSchema.parse(withSaml()) }));
  pool = await startIssuer(serving(await listed(key, "k1", { alg: "RS256" })));
  const facts = { issuer: pool.url, domain: "https://d.example.com", mcpClient: "mcp-1", consoleClient: "console-1" };
  environment = { SETTINGS_FILE: file, IDENTITY_POOL: JSON.stringify(facts) };
  asserted = await assertedClaims();
});
afterAll(async () => {
  await pool.stop();
  rmSync(folder, { recursive: true });
});

/** The claims of ours, as the pool's function makes them of an assertion. */
async function assertedClaims(): Promise<Record<string, unknown>> {
  const ask = createFederation({ SETTINGS_FILE: file });
  const kept = (await ask(inbound(DANA), invocation("federation", 5))) as ReturnType<typeof inbound>;
  const event = beforeTokens(kept.response.userAttributesToMap["custom:countersign"]);
  const told = (await ask(event, invocation("federation", 5))) as PreTokenGenerationV2TriggerEvent;
  return told.response.claimsAndScopeOverrideDetails.accessTokenGeneration?.claimsToAddOrOverride ?? {};
}

/** An access token as a pool makes it for somebody who came by SAML. */
const tokenOf = (change: object) => {
  const claims = {
    sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "cognito:groups": ["eu-central-1_Example_company"],
    iss: pool.url,
    version: 2,
    client_id: "mcp-1",
    origin_jti: "origin-1",
    token_use: "access",
    scope: "openid",
    auth_time: seconds(),
    exp: seconds() + 3600,
    iat: seconds(),
    jti: "jti-1",
    username: "company_dana@example.com",
    ...asserted,
    ...change,
  };
  return signed(claims, key.privateKey);
};

/** What the authorizer says of such a token. */
async function enter(change: object = {}, refused?: (refusal: Refusal) => void) {
  const event = {
    methodArn: "arn:aws:execute-api:eu-central-1:111122223333:api/live/POST/mcp/ops",
    headers: { authorization: `Bearer ${await tokenOf(change)}` },
    requestContext: {},
  };
  return createAuthorizer(environment, { refused })(
    event as unknown as APIGatewayRequestAuthorizerEvent,
    invocation("authorizer", 10),
  );
}

describe("a token of a person who came by SAML", () => {
  test("names the person as the SAML provider does, with the groups that it asserted", async () => {
    const { context } = await enter();
    expect(callerOfContext(context, ["mcp-1"], seconds()).principal).toMatchObject({
      kind: "user",
      id: "company|company_dana@example.com",
      issuer: pool.url,
      name: "Dana Developer",
      person: "dana@example.com",
      groups: ["developers", "approvers"],
      signIn: "origin-1",
      client: "mcp-1",
    });
  });

  test("that asked for a server by its URL (RFC 8707) is the same: the client decides where it is good for", async () => {
    const { context } = await enter({ aud: "https://countersign.example.com/mcp/ops" });
    expect(context?.aud).toBe("mcp-1");
  });

  test.each<[string, unknown]>([
    ["another MCP server", "https://evil.example/mcp"],
    ["ours and another", ["https://countersign.example.com/mcp/ops", "https://evil.example/mcp"]],
    ["an origin that ours begins", "https://countersign.example.com.evil.example/mcp/ops"],
    ["ours without TLS", "http://countersign.example.com/mcp/ops"],
  ])("that was asked for by the URL of %s is refused, and the record says audience", async (_, aud) => {
    const refusals: Refusal[] = [];
    await expect(enter({ aud }, (refusal) => refusals.push(refusal))).rejects.toThrow("Unauthorized");
    expect(refusals).toMatchObject([{ fault: "audience", issuer: "company" }]);
  });

  test("of a trial must have been asked for by the API's own domain and stage", async () => {
    const { config } = loadSettings(environment);
    const verifier = tokenVerifier({ ...config, publicUrl: null }, { failed: () => undefined });
    const arrival = { domainName: "api.example.com", stage: "live" };
    const verify = async (aud: string) => verifier.verify(await tokenOf({ aud }), arrival);
    expect((await verify("https://api.example.com/live/mcp/ops")).audience).toBe("mcp-1");
    await expect(verify("https://api.example.com/other/mcp/ops")).rejects.toMatchObject({ fault: "audience" });
  });

  test("of the console opens the approvers' API and no server, and the other way round", async () => {
    const { context } = await enter({ client_id: "console-1", aud: undefined });
    expect(callerOfContext(context, ["console-1"], seconds()).audience).toBe("console-1");
    expect(() => callerOfContext(context, ["mcp-1"], seconds())).toThrow(/another audience/);
    const agent = (await enter()).context;
    expect(() => callerOfContext(agent, ["console-1"], seconds())).toThrow(/another audience/);
  });

  test.each<[string, object]>([
    ["an ID token", { token_use: "id", aud: "mcp-1", client_id: undefined }],
    ["an ID token that names the client", { token_use: "id" }],
    ["a token that our function did not see", { person: undefined, groups: undefined }],
    ["a token of another client of the pool", { client_id: "other" }],
    ["a token with our client as audience alone", { client_id: undefined, aud: "mcp-1" }],
    ["a token that lives longer than the pool makes them", { exp: seconds() + 7200 }],
    ["a token of the pool before it was made", { iss: "https://pool.invalid" }],
  ])("%s is refused", async (_, change) => {
    await expect(enter(change)).rejects.toThrow("Unauthorized");
  });

  test("whose groups Cognito put there itself has none", async () => {
    const { context } = await enter({ groups: undefined, "cognito:groups": ["developers", "administrators"] });
    expect(callerOfContext(context, ["mcp-1"], seconds()).principal.groups).toEqual([]);
  });
});

describe("the settings of a deployment with a pool", () => {
  test("have what is known of the pool in the place of what was not", () => {
    const { config } = loadSettings(environment);
    expect(JSON.stringify(config)).not.toMatch(/\.invalid|unmade/);
    expect(config.identity.issuers.map(({ name }) => name)).toEqual(["company", "github"]);
    expect(config.registration).toMatchObject({
      clientId: "mcp-1",
      authorizationEndpoint: "https://d.example.com/oauth2/authorize",
      tokenEndpoint: "https://d.example.com/oauth2/token",
    });
    expect(consoleSettings(config, "https://countersign.example.com")).toMatchObject({
      authority: pool.url,
      clientId: "console-1",
      // No resource is asked for: a client's id is none.
      audience: null,
    });
  });

  test("are not read by a function that was not told of it", () => {
    expect(() => loadSettings({ SETTINGS_FILE: file })).toThrow("IDENTITY_POOL is not set");
  });
});
