import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { exportJWK, exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createAuthorizer } from "../../lambdas/authorizer/authorizer.ts";
import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { invocation } from "../../local/api/functions.ts";
import { closeServer, listen } from "../../local/port.ts";

const config = configSchema.parse(parse(readFileSync("config/gateway.yaml", "utf8")));
const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
const folder = mkdtempSync(join(tmpdir(), "authorizer-"));
const ARN = "arn:aws:execute-api:eu-central-1:111122223333:api/live/POST/mcp/ops";
const AUDIENCE = "https://countersign.example.com";

let keys: Server;
let issuer: string;
let authorize: (token: string | undefined) => Promise<APIGatewayAuthorizerResult>;

beforeAll(async () => {
  const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "k1", alg: "RS256", use: "sig" }] };
  keys = createServer((_, response) => response.end(JSON.stringify(jwks)));
  issuer = `http://127.0.0.1:${await listen(keys)}`;
  const issuers = config.identity.issuers.map((entry) =>
    entry.name === "company" ? { ...entry, issuer, jwksUri: `${issuer}/jwks` } : entry,
  );
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify({ config: { ...config, identity: { issuers } } }));
  const handler = createAuthorizer({ SETTINGS_FILE: file });
  authorize = async (token) => {
    const event = { methodArn: ARN, headers: token === undefined ? {} : { authorization: token }, requestContext: {} };
    return handler(event as unknown as APIGatewayRequestAuthorizerEvent, invocation("authorizer", 10));
  };
});
afterAll(async () => {
  await closeServer(keys);
  rmSync(folder, { recursive: true });
});

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (change: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: AUDIENCE,
  sub: "u1",
  azp: "agent",
  name: "Dana",
  email: "Dana@example.com",
  email_verified: true,
  groups: ["developers", "not-configured"],
  sid: "sign-in-1",
  jti: "j1",
  iat: seconds(),
  exp: seconds() + 600,
  ...change,
});
const signed = (payload: JWTPayload, key: KeyObject | Uint8Array = own.privateKey, alg = "RS256", header = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg, kid: "k1", ...header }).sign(key);
const without = (name: string) => {
  const { [name]: _, ...rest } = claims();
  return rest;
};

describe("a good token", () => {
  test("permits the whole stage and carries principal, expiry, audience and issuer", async () => {
    const { policyDocument, context, principalId } = await authorize(`Bearer ${await signed(claims())}`);
    expect(principalId).toBe("company|u1");
    expect(policyDocument.Statement).toEqual([
      {
        Action: "execute-api:Invoke",
        Effect: "Allow",
        Resource: "arn:aws:execute-api:eu-central-1:111122223333:api/live/*",
      },
    ]);
    expect(context).toMatchObject({ aud: AUDIENCE, iss: issuer, exp: expect.any(Number) });
    expect(JSON.parse(String(context?.principal)) as Principal).toMatchObject({
      kind: "user",
      client: "agent",
      groups: ["developers"],
      person: "dana@example.com",
      signIn: "sign-in-1",
    });
  });

  test("may be the console's, and one audience of several", async () => {
    const aud = ["elsewhere", config.console.audience];
    expect((await authorize(`bearer ${await signed(claims({ aud }))}`)).context?.aud).toBe(config.console.audience);
  });
});

describe("is answered with 401", () => {
  const tokens: [string, () => Promise<string> | string][] = [
    ["an expired token", () => signed(claims({ exp: seconds() - 60 }))],
    ["a token that is not valid yet", () => signed(claims({ nbf: seconds() + 600 }))],
    ["a token without expiry", () => signed(without("exp"))],
    ["a token without subject", () => signed(without("sub"))],
    ["a token for another audience", () => signed(claims({ aud: "https://elsewhere.example.com" }))],
    ["a token of an unknown issuer", () => signed(claims({ iss: "https://issuer.example.com" }))],
    [
      "a token that claims another configured issuer",
      () => signed(claims({ iss: "https://token.actions.githubusercontent.com" })),
    ],
    ["a token signed by another key", () => signed(claims(), foreign.privateKey)],
    ["a token without signature", () => new UnsecuredJWT(claims()).encode()],
    ["a token with its signature cut off", async () => `${(await signed(claims())).split(".").slice(0, 2).join(".")}.`],
    [
      "HS256 with the public key as secret",
      async () => signed(claims(), new TextEncoder().encode(await exportSPKI(own.publicKey)), "HS256"),
    ],
    ["an algorithm that the issuer is not configured for", () => signed(claims(), own.privateKey, "RS512")],
    [
      "a key that the header brings along",
      async () => signed(claims(), foreign.privateKey, "RS256", { jwk: await exportJWK(foreign.publicKey) }),
    ],
    ["an unknown key id", () => signed(claims(), own.privateKey, "RS256", { kid: "../../etc/passwd" })],
    ["a token bound to a key that nobody proves", () => signed(claims({ cnf: { jkt: "x" } }))],
    [
      "claims that were changed",
      async () => {
        const [header, , signature] = (await signed(claims())).split(".");
        return `${header}.${Buffer.from(JSON.stringify(claims({ sub: "admin" }))).toString("base64url")}.${signature}`;
      },
    ],
    ["what is no token", () => "garbage"],
  ];
  test.each(tokens)("%s", async (_, token) => {
    await expect(authorize(`Bearer ${await token()}`)).rejects.toThrow(/^Unauthorized$/);
  });
  test.each([undefined, "", "Basic dTpw", "Bearer", "Bearer a b"])("the header %j", async (header) => {
    await expect(authorize(header)).rejects.toThrow(/^Unauthorized$/);
  });
});

test("an issuer whose keys are not known is no 401, on which clients would sign in again and again", async () => {
  const issuers = config.identity.issuers.map((entry) => ({ ...entry, issuer, jwksUri: "http://127.0.0.1:9/jwks" }));
  const file = join(folder, "down.json");
  writeFileSync(file, JSON.stringify({ config: { ...config, identity: { issuers: issuers.slice(0, 1) } } }));
  const refusals: unknown[] = [];
  const handler = createAuthorizer({ SETTINGS_FILE: file }, { refused: (refusal) => refusals.push(refusal) });
  const event = { methodArn: ARN, headers: { authorization: `Bearer ${await signed(claims())}` }, requestContext: {} };
  await expect(
    handler(event as unknown as APIGatewayRequestAuthorizerEvent, invocation("authorizer", 10)),
  ).rejects.toThrow(/^the key set of company is not known/);
  expect(refusals).toEqual([]);
});
