import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { inspect } from "node:util";
import { createRemoteJWKSet, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TokenCredential } from "../../../lib/config/credential.ts";
import type { IssuerConfig } from "../../../lib/config/schema.ts";
import { closeServer, freePort, listen } from "../../../local/port.ts";
import { secretsOf } from "../support/credentials.ts";
import { callerOf, OK, sceneOf } from "../support/scene.ts";
import { RESOURCE, startTokenServer } from "../support/token-server.ts";

const SECRET = "client secret: with / signs + of its own";
const COMPANY = { name: "company", issuer: "https://login.example.com" } as IssuerConfig;
const CI = { name: "ci", issuer: "https://ci.example.com" } as IssuerConfig;

let lifetime = 600;
let tokens: Awaited<ReturnType<typeof startTokenServer>>;
let verify: (token: string) => Promise<Record<string, unknown>>;
/** Tokens that the server was shown, and those of them that it has taken back. */
let shown: string[] = [];
const revoked = new Set<string>();
let url: string;

/** An MCP server that verifies its tokens as a resource server does. */
const server = createServer(async (request, response) => {
  const token = String(request.headers.authorization).replace("Bearer ", "");
  shown.push(token);
  const claims = revoked.has(token) ? undefined : await verify(token).catch(() => undefined);
  response.writeHead(claims ? 200 : 401, { "content-type": "application/json" });
  response.end(claims ? OK : "{}");
});

beforeAll(async () => {
  tokens = await startTokenServer(SECRET, () => lifetime);
  const keys = createRemoteJWKSet(new URL(`${tokens.issuer}/jwks`));
  verify = async (token) => (await jwtVerify(token, keys, { issuer: tokens.issuer, audience: RESOURCE })).payload;
  url = `http://127.0.0.1:${await listen(server)}/mcp`;
});
afterAll(async () => {
  await closeServer(server);
  await tokens.stop();
});
beforeEach(() => {
  shown = [];
  tokens.asked.length = 0;
  lifetime = 600;
  vi.useFakeTimers({ toFake: ["Date"] });
  return () => vi.useRealTimers();
});

const common = () =>
  ({
    tokenEndpoint: tokens.tokenEndpoint,
    tokenNetwork: "private",
    clientId: "gateway",
    secretName: "client",
    authentication: "client_secret_basic",
    scope: "call",
    audience: null,
    resource: RESOURCE,
  }) as const;
const own = (): TokenCredential => ({ kind: "client-credentials", ...common() });
const exchanged = (): TokenCredential => ({
  kind: "token-exchange",
  ...common(),
  callersOf: ["company"],
  subjectTokenType: "access_token",
});
const scene = (credential: TokenCredential, texts: Record<string, string | string[]> = { client: SECRET }) =>
  sceneOf({ url, credential, secrets: secretsOf(texts), issuers: [COMPANY, CI] });

/** A caller whose token says who it is; the authorization server looks at nothing else of it. */
async function caller(subject: string, nonce = "") {
  const token = await new SignJWT({ nonce })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .sign(new Uint8Array(32));
  return callerOf(subject, {}, token);
}

describe("client credentials", () => {
  test("get one token for many calls, of many callers", async () => {
    const { call } = scene(own());
    const answers = await Promise.all([call(), call(callerOf("anna")), call(callerOf("ben"))]);
    expect(answers).toEqual([{ text: OK }, { text: OK }, { text: OK }]);
    expect(new Set(shown).size).toBe(1);
    expect(tokens.asked).toHaveLength(1);
    const [asked] = tokens.asked;
    expect(Object.fromEntries(asked?.form ?? [])).toEqual({
      grant_type: "client_credentials",
      scope: "call",
      resource: RESOURCE,
    });
    // RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined.
    const basic = Buffer.from(String(asked?.authorization).replace("Basic ", ""), "base64").toString();
    expect(decodeURIComponent(basic.replaceAll("+", " "))).toBe(`gateway:${SECRET}`);
  });

  test("a token is renewed before it ends, while calls go on", async () => {
    lifetime = 100;
    const { call } = scene(own());
    await call();
    vi.setSystemTime(Date.now() + 80_000);
    await call();
    expect(shown[1], "no call waits for the new one").toBe(shown[0]);
    await vi.waitFor(async () => {
      await call();
      expect(shown.at(-1)).not.toBe(shown[0]);
    });
    expect(tokens.asked).toHaveLength(2);
  });

  test("a token that the server has taken back is replaced, and the call answered", async () => {
    const { call } = scene(own());
    await call();
    revoked.add(shown[0] ?? "");
    vi.setSystemTime(Date.now() + 11_000);
    expect(await call()).toEqual({ text: OK });
    expect(shown).toHaveLength(3);
    expect(shown[2]).not.toBe(shown[1]);
  });

  test("a client secret that rotates is found: new and old are tried", async () => {
    const { call } = scene(own(), { client: ["not yet known there", SECRET] });
    expect(await call()).toEqual({ text: OK });
    expect(tokens.asked).toHaveLength(2);
  });
});

describe("token exchange", () => {
  test("each caller gets a token of its own, made of its own token, which no server ever sees", async () => {
    const { call } = scene(exchanged());
    const [anna, ben] = [await caller("anna"), await caller("ben")];
    for (const who of [anna, ben, anna, ben]) expect(await call(who)).toEqual({ text: OK });
    expect(tokens.asked.map(({ form }) => form.get("subject_token"))).toEqual([anna.token, ben.token]);
    const subjects = await Promise.all(shown.map(async (token) => (await verify(token)).onBehalfOf));
    expect(subjects).toEqual(["anna", "ben", "anna", "ben"]);
    expect(shown).not.toContain(anna.token);
    expect(Object.fromEntries(tokens.asked[0]?.form ?? [])).toMatchObject({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    });
  });

  test("another token of the same caller is exchanged by itself: it may be worth less", async () => {
    const { call } = scene(exchanged());
    await call(await caller("anna", "1"));
    await call(await caller("anna", "2"));
    expect(new Set(shown).size).toBe(2);
  });

  test("what a token was exchanged for ends with it", async () => {
    const { call } = scene(exchanged());
    const anna = await caller("anna");
    const soon = { ...anna, caller: { ...anna.caller, expiresAt: Math.floor(Date.now() / 1000) + 5 } };
    await call(soon);
    await call(soon);
    // Within ten seconds of the caller's own end nothing is kept.
    expect(tokens.asked).toHaveLength(2);
  });

  test("a caller of another issuer is refused before its token goes anywhere", async () => {
    const { call } = scene(exchanged());
    const job = callerOf("job", { issuer: CI.issuer }, (await caller("job")).token);
    const { failure } = await call(job);
    expect(failure).toMatchObject({
      sent: false,
      message: expect.stringContaining("caller's issuer are not exchanged"),
    });
    expect([tokens.asked, shown]).toEqual([[], []]);
  });

  test("without a caller nothing is sent", async () => {
    const { failure } = await scene(exchanged()).call();
    expect(failure?.sent).toBe(false);
    expect([tokens.asked, shown]).toEqual([[], []]);
  });
});

describe("what goes wrong names the step, and neither the secret nor what a server made up", () => {
  const saying = (what: string) => `has no usable credential: ${what}`;
  /** A token endpoint that answers as it is told. */
  async function failing(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const endpoint = createServer((request, response) => {
      request.resume();
      answer(request, response);
    });
    const tokenEndpoint = `http://127.0.0.1:${await listen(endpoint)}/token`;
    const started = performance.now();
    const { failure } = await scene({ ...own(), tokenEndpoint }).call();
    endpoint.closeAllConnections();
    await closeServer(endpoint);
    return { failure, seconds: (performance.now() - started) / 1000 };
  }
  const json = (status: number, body: object) => (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, string | RegExp]>([
    [
      "a wrong secret",
      json(401, { error: "invalid_client", error_description: SECRET }),
      "its authorization server gave no token (invalid_client)",
    ],
    [
      "a refused scope",
      json(400, { error: "invalid_scope" }),
      "its authorization server gave no token (invalid_scope)",
    ],
    [
      "an error of its own making",
      json(400, { error: `no ${SECRET}` }),
      "its authorization server gave no token (HTTP 400)",
    ],
    ["a failure", json(500, {}), /^its authorization server gave no token/],
    [
      "a redirect",
      (_, response) => void response.writeHead(302, { location: `${url}?${SECRET.length}` }).end(),
      "its authorization server answered with a redirect (HTTP 302), which is not followed",
    ],
    ["garbage", (_, response) => void response.end("<html>"), /^its authorization server gave no token/],
    [
      "a token that no header can hold",
      json(200, { access_token: "a\r\nx: y", token_type: "bearer" }),
      "its authorization server gave a token that a header cannot hold",
    ],
    [
      "a token of another type",
      json(200, { access_token: "abc", token_type: "mac" }),
      /^its authorization server gave no token/,
    ],
    [
      "an endless answer",
      (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end("x".repeat(70_000)),
      "its authorization server sent more than a token",
    ],
  ])("%s", async (_what, answer, message) => {
    const { failure } = await failing(answer);
    expect(failure?.sent).toBe(false);
    const said = failure?.message ?? "";
    if (typeof message === "string") expect(said).toBe(saying(message));
    else expect(said.replace(saying(""), "")).toMatch(message);
    expect(inspect(failure, { depth: 10 })).not.toContain(SECRET);
    expect(shown).toEqual([]);
  });

  test("silence is given up after five seconds", async () => {
    const { failure, seconds } = await failing(() => undefined);
    expect(failure).toMatchObject({
      sent: false,
      message: saying("its authorization server gave no token (TimeoutError)"),
    });
    expect(seconds).toBeGreaterThan(4.5);
    expect(seconds).toBeLessThan(8);
  });

  test("nobody listens", async () => {
    const tokenEndpoint = `http://127.0.0.1:${await freePort()}/token`;
    const { failure } = await scene({ ...own(), tokenEndpoint }).call();
    expect(failure).toMatchObject({
      sent: false,
      message: expect.stringContaining(saying("its authorization server gave no token")),
    });
  });

  test("a client's secret that cannot be read", async () => {
    const { failure } = await scene(own(), {}).call();
    expect(failure).toMatchObject({ sent: false, message: saying("its client's secret cannot be read") });
    expect(tokens.asked).toEqual([]);
  });
});
