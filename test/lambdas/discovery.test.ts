import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client as V2Client, StreamableHTTPClientTransport as V2Transport } from "@modelcontextprotocol/client";
import { discoverOAuthProtectedResourceMetadata } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as V1Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as V1Transport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { Client as OldClient } from "mcp-sdk-1-22/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "mcp-sdk-1-22/client/streamableHttp.js";
import { afterAll, describe, expect, test } from "vitest";
import { createSite } from "../../lambdas/site/site.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { gatewayResponsesOf } from "../../local/routes.ts";
import type { Template } from "../../local/template.ts";
import { configWith, synthesize, TRIAL } from "../lib/template.ts";

const SIGN_IN = "https://login.example.com";
const DOMAIN = "abc123.execute-api.eu-central-1.amazonaws.com";
/** What references of the template become where it is deployed. */
const DEPLOYED: Readonly<Record<string, string>> = { "AWS::Region": "eu-central-1", "AWS::URLSuffix": "amazonaws.com" };

const folder = mkdtempSync(join(tmpdir(), "discovery-"));
mkdirSync(join(folder, "console"));
writeFileSync(join(folder, "console/index.html"), "<p>console</p>");
afterAll(() => rmSync(folder, { recursive: true }));

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The gateway as a client without a token meets it: the challenge of the template, the metadata of `site`, a sign-in. */
function gatewayAt(base: string, configFile: string): Fetch {
  const settings = join(folder, `${new URL(base).hostname}.json`);
  writeFileSync(settings, JSON.stringify({ config: loadConfig(configFile) }));
  const site = createSite({ SETTINGS_FILE: settings, CONSOLE_FOLDER: join(folder, "console") });
  const refusal = gatewayResponsesOf(deployed(synthesize(configFile).gateway.toJSON())).get("UNAUTHORIZED");
  return async (target) => {
    const url = String(target);
    if (url === `${SIGN_IN}/.well-known/oauth-authorization-server`) return Response.json(SIGN_IN_METADATA);
    if (!url.startsWith(`${base}/`)) return new Response("", { status: 404 });
    const path = url.slice(base.length);
    if (path.startsWith("/mcp/")) return new Response("{}", { status: 401, headers: { ...refusal?.headers } });
    const event = { httpMethod: "GET", path, requestContext: { domainName: DOMAIN, stage: "live" } };
    const answer: APIGatewayProxyResult = await site(event as APIGatewayProxyEvent, {} as Context);
    return new Response(answer.body, { status: answer.statusCode, headers: { "content-type": "application/json" } });
  };
}

const SIGN_IN_METADATA = {
  issuer: SIGN_IN,
  authorization_endpoint: `${SIGN_IN}/authorize`,
  token_endpoint: `${SIGN_IN}/token`,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
};

/** The template with those joined texts written out whose references are known. */
function deployed(template: unknown): Template {
  const nameOf = (part: unknown) =>
    typeof part === "string" ? part : (DEPLOYED[(part as { Ref: string }).Ref] ?? "abc123");
  return JSON.parse(JSON.stringify(template), (_key, value) => {
    const parts = (value as { "Fn::Join"?: [string, unknown[]] } | null)?.["Fn::Join"]?.[1];
    return parts?.some((part) => String(part).includes("resource_metadata")) ? parts.map(nameOf).join("") : value;
  }) as Template;
}

/** What a client asks of its surroundings to sign a person in; here nobody is there to do it. */
const providerThat = (redirectToAuthorization: (page: URL) => void) => ({
  redirectUrl: "http://127.0.0.1:1/callback",
  clientMetadata: { redirect_uris: ["http://127.0.0.1:1/callback"] },
  clientInformation: () => ({ client_id: "an-agent" }),
  tokens: () => undefined,
  saveTokens: () => undefined,
  saveCodeVerifier: () => undefined,
  codeVerifier: () => "",
  redirectToAuthorization,
});
type Provider = ReturnType<typeof providerThat>;

/** Connects without a token, and gives the page where the client would send its person to sign in. */
async function signInOf(connect: (provider: Provider) => Promise<void>): Promise<URL> {
  const pages: URL[] = [];
  await expect(connect(providerThat((page) => void pages.push(page)))).rejects.toThrow(/Unauthorized/);
  const [page] = pages;
  if (!page) throw new Error("the client did not get as far as the sign-in");
  return page;
}

const INFO = { name: "discovery-test", version: "1.0.0" };
const CLIENTS = [
  [
    "v1.22 SDK",
    (url: string, fetch: Fetch, authProvider: Provider) =>
      new OldClient(INFO).connect(new OldTransport(new URL(url), { authProvider, fetch })),
  ],
  [
    "v1 SDK",
    (url: string, fetch: Fetch, authProvider: Provider) =>
      new V1Client(INFO).connect(new V1Transport(new URL(url), { authProvider, fetch })),
  ],
  [
    "v2 SDK",
    (url: string, fetch: Fetch, authProvider: Provider) =>
      new V2Client(INFO).connect(new V2Transport(new URL(url), { authProvider, fetch })),
  ],
] as const;

describe.each([
  ["a published gateway", "https://countersign.example.com", {}],
  ["a trial on the API's own domain", `https://${DOMAIN}/live`, TRIAL],
])("%s", (_name, base, changes) => {
  const configFile = configWith(changes);
  const gateway = gatewayAt(base, configFile);

  test.each(CLIENTS)(
    "the %s accepts the root's metadata for a server below it, and finds the sign-in",
    async (_sdk, connect) => {
      const page = await signInOf((provider) => connect(`${base}/mcp/ops`, gateway, provider));
      expect(page.href.split("?")[0]).toBe(`${SIGN_IN}/authorize`);
      // v1.22 writes an origin with its slash.
      expect(page.searchParams.get("resource")?.replace(/\/$/, "")).toBe(base);
    },
  );

  test("each server has metadata of its own where RFC 9728 places it, or for a trial below the stage", async () => {
    for (const { name } of loadConfig(configFile).servers) {
      const resourceMetadataUrl = `${base}/.well-known/oauth-protected-resource/mcp/${name}`;
      const found = await discoverOAuthProtectedResourceMetadata(
        `${base}/mcp/${name}`,
        { resourceMetadataUrl },
        gateway,
      );
      expect(found).toMatchObject({ resource: `${base}/mcp/${name}`, authorization_servers: [SIGN_IN] });
    }
  });
});

test("a client that is told nothing finds a server's own metadata by its path", async () => {
  const base = "https://countersign.example.com";
  const gateway = gatewayAt(base, configWith({}));
  const found = await discoverOAuthProtectedResourceMetadata(`${base}/mcp/ops`, {}, gateway);
  expect(found.resource).toBe(`${base}/mcp/ops`);
});
