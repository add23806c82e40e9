import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMinter } from "../../../lambdas/minter/minter.ts";
import type { TokenRequest } from "../../../lambdas/upstream/credentials/token-mint.ts";
import { buildSettings } from "../../../lib/config/settings.ts";
import { localAws, REGION } from "../../../local/aws.ts";
import { type Moto, startMoto } from "../../../local/moto.ts";
import { closeServer, listen } from "../../../local/port.ts";
import { secretsOf } from "../support/credentials.ts";
import { OK, sceneOf } from "../support/scene.ts";
import { RESOURCE, startTokenServer } from "../support/token-server.ts";

const SECRET = `client-secret-${randomUUID()}`;

let moto: Moto;
let tokens: Awaited<ReturnType<typeof startTokenServer>>;
let settingsFile: string;
let url: string;
let lambda: string;
let shown: string[] = [];
/** What passed between the gateway and Lambda. */
let invoked: { readonly path: string; readonly said: string; readonly answered: string }[] = [];
let breaks = false;

const credential = () =>
  ({
    kind: "client-credentials",
    tokenEndpoint: tokens.tokenEndpoint,
    tokenNetwork: "public",
    clientId: "gateway",
    secretName: "client",
    authentication: "client_secret_basic",
    scope: "call",
    audience: null,
    resource: RESOURCE,
  }) as const;

const server = createServer((request, response) => {
  shown.push(String(request.headers.authorization));
  response.writeHead(200, { "content-type": "application/json" }).end(OK);
});

/** Lambda's own API to invoke a function, before the real function. */
const invocations = createServer(async (request, response) => {
  let said = "";
  for await (const piece of request) said += piece;
  if (breaks) {
    response.writeHead(200, { "x-amz-function-error": "Unhandled" }).end(JSON.stringify({ errorMessage: SECRET }));
    return;
  }
  const minter = createMinter({ ...environment(), SETTINGS_FILE: settingsFile, POWERTOOLS_SERVICE_NAME: "minter" });
  const answered = JSON.stringify(await minter(JSON.parse(said) as TokenRequest, {} as Context));
  invoked.push({ path: request.url ?? "", said, answered });
  response.writeHead(200, { "content-type": "application/json" }).end(answered);
});

/** As on a laptop: token endpoints may be on this machine. */
let laptop: { readonly LOOPBACK_SERVERS?: string };
const environment = () => ({ AWS_ENDPOINT_URL: moto.url, AWS_REGION: REGION, ...laptop });

beforeAll(async () => {
  process.env.POWERTOOLS_LOG_LEVEL = "SILENT";
  [moto, tokens] = await Promise.all([startMoto(), startTokenServer(SECRET, () => 600)]);
  await localAws(moto.url).secrets.send(new CreateSecretCommand({ Name: "client", SecretString: SECRET }));
  url = `http://127.0.0.1:${await listen(server)}/mcp`;
  lambda = `http://127.0.0.1:${await listen(invocations)}`;
  settingsFile = join(mkdtempSync(join(tmpdir(), "countersign-minter-")), "settings.json");
  settingsFor(credential());
}, 60_000);

/** What the minter was deployed with. */
function settingsFor(own: object): void {
  const settings = buildSettings("config/gateway.yaml");
  const servers = [{ name: "srv", url, network: "private", push: false, credential: own }];
  writeFileSync(settingsFile, JSON.stringify({ ...settings, config: { ...settings.config, servers } }));
}
afterAll(async () => {
  for (const one of [server, invocations]) await closeServer(one);
  await tokens.stop();
  await moto.stop();
});
beforeEach(() => {
  shown = [];
  invoked = [];
  breaks = false;
  laptop = { LOOPBACK_SERVERS: "allowed" };
  settingsFor(credential());
});

/** The gateway in the VPC: it can read no secret at all. */
const scene = (own = credential()) =>
  sceneOf({
    url,
    credential: own,
    secrets: secretsOf({}),
    environment: { ...environment(), AWS_ENDPOINT_URL_LAMBDA: lambda, MINTER_FUNCTION: "countersign-minter" },
  });

test("a private server's token comes from the function outside the VPC, once for many calls, and the gateway never reads the secret", async () => {
  const { call } = scene();
  for (let turn = 0; turn < 3; turn += 1) expect(await call()).toEqual({ text: OK });
  expect(invoked).toHaveLength(1);
  expect(invoked[0]?.path).toBe("/2015-03-31/functions/countersign-minter/invocations");
  expect(JSON.parse(invoked[0]?.said ?? "")).toEqual({ server: "srv" });
  expect(invoked[0]?.answered).not.toContain(SECRET);
  expect(new Set(shown).size).toBe(1);
  expect(shown[0]).toMatch(/^Bearer ey/);
});

test("why it got no token arrives in its own words", async () => {
  settingsFor({
    ...credential(),
    scope: "nothing-it-knows",
    resource: "https://elsewhere.example.com/",
    clientId: "unknown",
  });
  const { failure } = await scene().call();
  expect(failure).toMatchObject({
    sent: false,
    message: "has no usable credential: its authorization server gave no token (invalid_client)",
  });
  expect(shown).toEqual([]);
});

test("a server whose tokens are not minted outside is not known to it", async () => {
  settingsFor({ ...credential(), tokenNetwork: "private" });
  expect((await scene().call()).failure).toMatchObject({
    sent: false,
    message: "has no usable credential: none of it is known here",
  });
});

test("a function that breaks is told as a step, without what it says", async () => {
  breaks = true;
  const { failure } = await scene().call();
  expect(failure).toMatchObject({
    sent: false,
    message: "has no usable credential: its authorization server gave no token",
  });
  expect(shown).toEqual([]);
});

test("the token endpoint's address is checked outside the VPC too, and the client's secret goes nowhere", async () => {
  laptop = {};
  const before = tokens.asked.length;
  const { failure } = await scene().call();
  expect(failure).toMatchObject({
    sent: false,
    message:
      "has no usable credential: its authorization server has an address that is refused: it is a loopback address",
  });
  expect([tokens.asked.length, shown]).toEqual([before, []]);
});

test.each(["10.0.0.7", "169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]"])(
  "a token endpoint that is said to be public is not asked at %s",
  async (host) => {
    settingsFor({ ...credential(), tokenEndpoint: `https://${host}/token` });
    const { failure } = await scene().call();
    expect(failure).toMatchObject({
      sent: false,
      message: expect.stringMatching(
        /its authorization server has an address that is refused: it is a (private|link-local)/,
      ),
    });
  },
);
