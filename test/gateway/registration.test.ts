import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLI_CLIENT } from "../../local/oidc/accounts.ts";
import { browse } from "../../local/oidc/robot.ts";
import { type Gateway, openGateway } from "../support/gateway.ts";

let gateway: Gateway;
let base: string;
beforeAll(async () => {
  gateway = await openGateway({ registration: true });
  base = gateway.stack.publicUrl;
}, 120_000);
afterAll(() => gateway?.stack.stop(), 30_000);

const CALLBACK = "http://127.0.0.1:49152/callback";

/** A client that knows nothing but the server's URL, and a person with a browser. */
function newcomer() {
  const kept: { client?: { client_id: string }; tokens?: unknown; verifier: string; back?: URLSearchParams } = {
    verifier: "",
  };
  const provider = {
    redirectUrl: CALLBACK,
    clientMetadata: {
      client_name: "newcomer",
      redirect_uris: [CALLBACK],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    clientInformation: () => kept.client,
    saveClientInformation: (client: { client_id: string }) => {
      kept.client = client;
    },
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => {
      kept.tokens = tokens;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: async (page: URL) => {
      kept.back = (await browse(page, { account: "developer", redirectUri: CALLBACK })).searchParams;
    },
  };
  return { kept, provider };
}

test("the v2 SDK signs in from nothing but the URL, at a provider that registers nobody, and calls a tool", async () => {
  const refused = await fetch(`${gateway.stack.issuer}/reg`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ redirect_uris: [CALLBACK] }),
  });
  expect(refused.status, "the provider registers nobody").toBe(404);

  const { kept, provider } = newcomer();
  const transport = () =>
    new StreamableHTTPClientTransport(new URL(`${base}/mcp/everything`), { authProvider: provider });
  const first = transport();
  await expect(new Client({ name: "newcomer", version: "1" }).connect(first)).rejects.toThrow(UnauthorizedError);
  expect(kept.client?.client_id).toBe(CLI_CLIENT);
  if (kept.back === undefined) throw new Error("nobody was sent back");
  expect(kept.back.get("error"), kept.back.get("error_description") ?? "").toBeNull();
  await first.finishAuth(kept.back);

  const client = new Client({ name: "newcomer", version: "1" });
  await client.connect(transport());
  const { content } = await client.callTool({ name: "echo", arguments: { message: "signed in" } });
  expect(JSON.stringify(content)).toContain("signed in");
  await client.close();
}, 60_000);

describe("the registration endpoint", () => {
  const ask = async (body: unknown, method = "POST") => {
    const answer = await fetch(`${base}/register`, {
      method,
      headers: { "content-type": "application/json" },
      ...(method === "POST" ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };

  test("tells everybody the one public client, for any port of a loopback address", async () => {
    for (const uri of ["http://127.0.0.1/callback", "http://127.0.0.1:8123/callback"])
      expect(await ask({ redirect_uris: [uri] })).toMatchObject({
        status: 201,
        body: { client_id: CLI_CLIENT, redirect_uris: [uri], token_endpoint_auth_method: "none" },
      });
  });

  test.each([
    "https://evil.example/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://127.0.0.1:80@evil.example/callback",
    "http://127.0.0.1/callback/../elsewhere",
    "http://127.0.0.1/callback?next=https://evil.example",
    "http://127.0.0.1:123456/callback",
    "http://localhost/callback",
    "javascript:alert(1)",
    "",
  ])("sends nobody back to %s", async (uri) => {
    expect(await ask({ redirect_uris: [uri] })).toMatchObject({ status: 400, body: { error: "invalid_redirect_uri" } });
    // Beside one that is listed it is left out of the answer, which is all that there is of a registration.
    const beside = await ask({ redirect_uris: ["http://127.0.0.1/callback", uri] });
    expect([beside.status, beside.body.redirect_uris]).toEqual([201, ["http://127.0.0.1/callback"]]);
  });

  test("gives nobody a secret, whatever they ask for", async () => {
    for (const method of ["client_secret_post", "client_secret_basic", "private_key_jwt"]) {
      const asked = { redirect_uris: ["http://127.0.0.1/callback"], token_endpoint_auth_method: method };
      const { status, body } = await ask(asked);
      expect([status, body.token_endpoint_auth_method]).toEqual([201, "none"]);
      expect(body).not.toHaveProperty("client_secret");
    }
  });

  test("refuses what is no registration in the terms of RFC 7591", async () => {
    for (const [body, error] of [
      [{}, "invalid_redirect_uri"],
      [{ redirect_uris: "http://127.0.0.1/callback" }, "invalid_redirect_uri"],
      [{ redirect_uris: [7] }, "invalid_redirect_uri"],
      ["[]", "invalid_client_metadata"],
      ["not json", "invalid_client_metadata"],
      [`{"redirect_uris":[],"redirect_uris":["http://127.0.0.1/callback"]}`, "invalid_client_metadata"],
      [`{"name":"${"x".repeat(20_000)}"}`, "invalid_client_metadata"],
    ] as const)
      expect(await ask(body), JSON.stringify(body).slice(0, 80)).toMatchObject({ status: 400, body: { error } });
  });

  test("lets a page of any origin ask, since it tells the same to everybody", async () => {
    const { status, headers } = await ask(undefined, "OPTIONS");
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(headers.get("access-control-allow-headers")).toContain("content-type");
  });
});

test("the metadata names the provider's own endpoints, and this gateway as where to register", async () => {
  const metadata = await (await fetch(`${base}/.well-known/oauth-authorization-server`)).json();
  expect(metadata).toMatchObject({
    issuer: base,
    authorization_endpoint: `${gateway.stack.issuer}/auth`,
    token_endpoint: `${gateway.stack.issuer}/token`,
    registration_endpoint: `${base}/register`,
    code_challenge_methods_supported: ["S256"],
  });
  const resource = await (await fetch(`${base}/.well-known/oauth-protected-resource/mcp/ops`)).json();
  expect(resource).toMatchObject({ authorization_servers: [base], scopes_supported: ["openid"] });
});
