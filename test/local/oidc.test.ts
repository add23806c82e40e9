import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CI_CLIENT, CLI_CLIENT, CLI_REDIRECT, CONSOLE_CLIENT } from "../../local/oidc/accounts.ts";
import { clientCredentials, signIn } from "../../local/oidc/robot.ts";
import { type Oidc, startOidc } from "../../local/oidc/server.ts";

const publicUrl = "http://127.0.0.1:4999";
let oidc: Oidc;
const said: unknown[][] = [];

beforeAll(async () => {
  for (const method of ["info", "warn", "error"] as const)
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words));
  oidc = await startOidc({ publicUrl, accessTokenTtl: 120 });
});
afterAll(async () => {
  await oidc.stop();
  vi.restoreAllMocks();
});

const cli = (account: string, resource?: string) =>
  signIn({
    issuer: oidc.issuer,
    account,
    clientId: CLI_CLIENT,
    redirectUri: CLI_REDIRECT,
    ...(resource ? { resource } : {}),
  });
const verify = (token: string, audience: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(oidc.jwksUri)), { issuer: oidc.issuer, audience });

describe("local sign-in", () => {
  test("a developer gets a verifiable token for the gateway with the claims that name a person", async () => {
    const { payload, protectedHeader } = await verify(await cli("developer", `${publicUrl}/mcp/ops`), publicUrl);
    expect(protectedHeader.alg).toBe("RS256");
    expect(payload).toMatchObject({
      sub: "developer",
      groups: ["developers"],
      email: "developer@example.test",
      name: "Dana Developer",
      azp: CLI_CLIENT,
      client_id: CLI_CLIENT,
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(120);
    for (const claim of ["sid", "jti"]) expect(payload[claim]).toEqual(expect.any(String));
    expect(Math.abs(Number(payload.auth_time) - Date.now() / 1000)).toBeLessThan(10);
  });

  test("a client that names no resource gets a token for the gateway", async () => {
    await expect(verify(await cli("auditor"), publicUrl)).resolves.toMatchObject({ payload: { groups: ["auditors"] } });
  });

  test("an account with a second factor says so, and one may be in several groups", async () => {
    const claims = async (account: string) => (await verify(await cli(account), publicUrl)).payload;
    expect(await claims("approver-three")).toMatchObject({ groups: ["approvers"], amr: ["pwd", "mfa"] });
    expect(await claims("oncall")).toMatchObject({ groups: ["developers", "oncall"], amr: ["pwd"] });
    expect(await claims("admin")).toMatchObject({ groups: ["administrators"] });
  });

  test("the console's client gets the console's audience, and nobody else does", async () => {
    const token = await signIn({
      issuer: oidc.issuer,
      account: "approver-one",
      clientId: CONSOLE_CLIENT,
      redirectUri: `${publicUrl}/console/callback`,
      resource: `${publicUrl}/console`,
    });
    expect((await verify(token, `${publicUrl}/console`)).payload.azp).toBe(CONSOLE_CLIENT);
    await expect(cli("approver-one", `${publicUrl}/console`)).rejects.toThrow(/unknown resource/);
  });

  test("the page refuses a wrong password and PKCE cannot be left out", async () => {
    await expect(cli("nobody")).rejects.toThrow(/401/);
    const query = new URLSearchParams({
      response_type: "code",
      client_id: CLI_CLIENT,
      redirect_uri: CLI_REDIRECT,
      scope: "openid",
    });
    const answer = await fetch(`${oidc.issuer}/auth?${query}`, { redirect: "manual" });
    expect(answer.headers.get("location")).toContain("error=invalid_request");
  });

  test("an MCP client registers itself and signs a person in", async () => {
    const redirectUri = "http://localhost:5555/callback";
    const answer = await fetch(`${oidc.issuer}/reg`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "none",
        client_name: "an agent",
      }),
    });
    const { client_id } = (await answer.json()) as { client_id: string };
    const token = await signIn({ issuer: oidc.issuer, account: "developer", clientId: client_id, redirectUri });
    expect(decodeJwt(token).aud).toBe(publicUrl);
  });

  test("the console's page may read the endpoints from its origin", async () => {
    const answer = await fetch(`${oidc.issuer}/token`, {
      method: "OPTIONS",
      headers: { origin: publicUrl, "access-control-request-method": "POST" },
    });
    expect(answer.headers.get("access-control-allow-origin")).toBe(publicUrl);
  });

  test("a workload gets a token of the other issuer", async () => {
    const token = await clientCredentials({ issuer: oidc.ciIssuer, clientId: CI_CLIENT, clientSecret: oidc.ciSecret });
    const keys = createRemoteJWKSet(new URL(oidc.ciJwksUri));
    const { payload } = await jwtVerify(token, keys, { issuer: oidc.ciIssuer, audience: publicUrl });
    expect(payload).toMatchObject({
      sub: CI_CLIENT,
      workflow: CI_CLIENT,
      actor: "developer@example.test",
      run_id: expect.any(String),
    });
    await expect(
      clientCredentials({ issuer: oidc.ciIssuer, clientId: CI_CLIENT, clientSecret: "wrong" }),
    ).rejects.toThrow(/invalid_client/);
  });

  test("forged tokens differ from good ones in just what a test asks for", async () => {
    await expect(verify(await oidc.forge({}), publicUrl)).resolves.toBeTruthy();
    await expect(verify(await oidc.forge({ exp: 1 }), publicUrl)).rejects.toThrow(/exp/);
    await expect(verify(await oidc.forge({ aud: "elsewhere" }), publicUrl)).rejects.toThrow(/aud/);
    await expect(verify(await oidc.forge({}, { key: "other" }), publicUrl)).rejects.toThrow(/signature/);
    expect(decodeProtectedHeader(await oidc.forge({}, { key: "none" })).alg).toBe("none");
  });

  test("it says nothing on the console", () => expect(said).toEqual([]));
});
