import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import type Provider from "oidc-provider";
import type { JWK } from "oidc-provider";
import { closeServer, listen } from "../port.ts";
import { ACCOUNTS, CLI_REDIRECT } from "./accounts.ts";
import { errorPage, loginPage } from "./login-page.ts";
import { peopleProvider, signingKey, workloadProvider } from "./provider.ts";

export interface OidcOptions {
  readonly publicUrl: string;
  /** Seconds; default one hour. */
  readonly accessTokenTtl?: number;
  /** False: like Okta, Entra ID and Cognito, which register no MCP client and send no `iss` back (RFC 9207). @default true */
  readonly registers?: boolean;
  /** Where agents' own client may be sent back to. @default `CLI_REDIRECT` */
  readonly redirectUris?: readonly string[];
}

/** Which key signs a forged token: the provider's own, a stranger's under the same name, or none (`alg: none`). */
export type ForgeKey = "own" | "other" | "none";

export interface Oidc {
  /** Issuer of people. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** Issuer of workloads. */
  readonly ciIssuer: string;
  readonly ciJwksUri: string;
  /** Secret of the client `ci-build`, made anew at each start. */
  readonly ciSecret: string;
  /** For tests: signs any claims; `iss`, `aud`, `sub`, `iat` and `exp` are those of a good token unless given. */
  forge(claims: JWTPayload, options?: { readonly key?: ForgeKey }): Promise<string>;
  stop(): Promise<void>;
}

/** Starts both issuers on loopback. */
export async function startOidc(options: OidcOptions): Promise<Oidc> {
  const { publicUrl, accessTokenTtl = 3600, registers = true, redirectUris = [CLI_REDIRECT] } = options;
  const ciSecret = randomBytes(24).toString("base64url");
  const key = signingKey("local-people");
  const people = await serve((issuer) =>
    peopleProvider({ issuer, publicUrl, accessTokenTtl, key, registers, redirectUris }),
  );
  const ci = await serve((issuer) =>
    workloadProvider({ issuer, publicUrl, accessTokenTtl, key: signingKey("local-ci") }, ciSecret),
  );
  return {
    issuer: people.issuer,
    jwksUri: `${people.issuer}/jwks`,
    ciIssuer: ci.issuer,
    ciJwksUri: `${ci.issuer}/jwks`,
    ciSecret,
    forge: (claims, { key: signer = "own" } = {}) => forge(claims, signer, key, people.issuer, publicUrl),
    stop: async () => {
      await Promise.all([people.stop(), ci.stop()]);
    },
  };
}

async function serve(make: (issuer: string) => Provider) {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const provider = make(issuer);
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    void interact(provider, request, response).catch((cause: unknown) =>
      html(response, 400, errorPage("sign-in", cause instanceof Error ? cause.message : "it cannot go on")),
    );
  });
  return { issuer, stop: () => closeServer(server) };
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params, uid } = await provider.interactionDetails(request, response);
  const page = (problem: string | null) => loginPage(`/interaction/${uid}`, String(params.client_id), problem);
  if (request.method !== "POST") return html(response, 200, page(null));
  const form = new URLSearchParams(await bodyOf(request));
  const account = ACCOUNTS.find((entry) => entry.id === form.get("account"));
  if (!account || form.get("password") !== account.id)
    return html(response, 401, page("The account and the password do not match."));
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: account.id } },
    { mergeWithLastSubmission: false },
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

function html(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(text);
}

async function forge(claims: JWTPayload, signer: ForgeKey, own: JWK, iss: string, aud: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss,
    aud,
    sub: "developer",
    client_id: "forger",
    groups: ["developers"],
    iat: now,
    exp: now + 300,
    ...claims,
  };
  if (signer === "none") return new UnsecuredJWT(payload).encode();
  const key =
    signer === "own"
      ? await importJWK(own as Parameters<typeof importJWK>[0], "RS256")
      : (await generateKeyPair("RS256")).privateKey;
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: String(own.kid), typ: "at+jwt" }).sign(key);
}
