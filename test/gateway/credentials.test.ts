import { createServer as createTlsServer, type Server } from "node:https";
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { LOCAL_KEYS, localAws, REGION } from "../../local/aws.ts";
import { secretNameOf } from "../../local/local-config.ts";
import { listen } from "../../local/port.ts";
import { type Gateway, modern, openGateway } from "../support/gateway.ts";
import { JSON_TYPE, rpc, type ScriptedServers, startScripted } from "../support/scripted-server.ts";
import { authority } from "../upstream/support/certificates.ts";
import { RESOURCE, startTokenServer } from "../upstream/support/token-server.ts";

const CLIENT_SECRET = "client-secret-c0ffee-5521";
const WRONG_SECRET = "client-secret-decaf-7710";
const HEADER_SECRET = "header-secret-feed-9043";

let tokens: Awaited<ReturnType<typeof startTokenServer>>;
let scripted: ScriptedServers;
let tls: Server;
let gateway: Gateway;
let privateKey = "";
/** Everything that the functions wrote to standard output and error. */
let logged = "";
/** All that came back to the client. */
let answered = "";

const answer = (message: { readonly id?: unknown; readonly method?: string }) =>
  rpc({
    id: message.id,
    result:
      message.method === "tools/list"
        ? { tools: [{ name: "list_roles", inputSchema: { type: "object" } }] }
        : { content: [{ type: "text", text: "well done" }] },
  });

beforeAll(async () => {
  process.env.POWERTOOLS_LOG_LEVEL = "DEBUG";
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...all: unknown[]) => boolean;
    vi.spyOn(stream, "write").mockImplementation((...all: unknown[]) => {
      logged += String(all[0]);
      return write(...all);
    });
  }
  tokens = await startTokenServer(CLIENT_SECRET, () => 600);
  const reply = (got: { readonly message: object }, response: import("node:http").ServerResponse) =>
    void response.writeHead(200, JSON_TYPE).end(answer(got.message));
  scripted = await startScripted({
    header: reply,
    own: reply,
    exchanged: reply,
    signed: reply,
    wrong: reply,
    nobody: reply,
  });
  const [ca, pairs] = await certificates();
  tls = createTlsServer(
    { cert: pairs.server.certificate, key: pairs.server.key, ca, requestCert: true },
    async (request, response) => {
      let text = "";
      for await (const piece of request) text += piece;
      response.writeHead(200, JSON_TYPE).end(answer(JSON.parse(text)));
    },
  );
  const mutual = `https://127.0.0.1:${await listen(tls)}/`;
  const url = (name: string) => scripted.servers.find((server) => server.name === name)?.url ?? "";
  const grant = (name: string) => ({
    tokenEndpoint: tokens.tokenEndpoint,
    tokenNetwork: "private",
    clientId: "gateway",
    secretName: secretNameOf(name),
    authentication: "client_secret_basic",
    scope: "call",
    audience: null,
    resource: RESOURCE,
  });
  const exchange = { kind: "token-exchange", callersOf: ["local"], subjectTokenType: "access_token" };
  gateway = await openGateway({
    moreServers: [
      { name: "header", url: url("header"), credential: HEADER_SECRET },
      {
        name: "own",
        url: url("own"),
        credential: CLIENT_SECRET,
        own: { credential: { kind: "client-credentials", ...grant("own") } },
      },
      {
        name: "exchanged",
        url: url("exchanged"),
        credential: CLIENT_SECRET,
        own: { credential: { ...exchange, ...grant("exchanged") } },
      },
      {
        name: "wrong",
        url: url("wrong"),
        credential: WRONG_SECRET,
        own: { credential: { ...exchange, ...grant("wrong") } },
      },
      {
        name: "nobody",
        url: url("nobody"),
        credential: CLIENT_SECRET,
        own: { credential: { ...exchange, ...grant("nobody"), callersOf: ["ci"] } },
      },
      {
        name: "signed",
        url: url("signed"),
        credential: "unused",
        own: {
          credential: {
            kind: "sigv4",
            service: "execute-api",
            region: "us-east-1",
            roleArn: "arn:aws:iam::123456789012:role/signed",
            resource: "arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/mcp",
            sessionFor: "15m",
          },
        },
      },
      {
        name: "mutual",
        url: mutual,
        credential: JSON.stringify(pairs.client),
        own: {
          credential: { kind: "mutual-tls", secretName: secretNameOf("mutual") },
          ca: { secretName: "private-ca" },
        },
      },
    ],
  });
  await localAws(endpoint()).secrets.send(new CreateSecretCommand({ Name: "private-ca", SecretString: ca }));
  privateKey = pairs.client.key.split("\n")[1] ?? "";
}, 120_000);

afterAll(async () => {
  await gateway?.stack.stop();
  await scripted?.stop();
  await tokens?.stop();
  tls?.close();
  vi.restoreAllMocks();
}, 30_000);

const endpoint = () => gateway.stack.environmentOf("gateway").AWS_ENDPOINT_URL ?? "";

async function certificates() {
  const ca = await authority("private");
  return [ca.pem, { server: await ca.sign("server", "server"), client: await ca.sign("gateway", "client") }] as const;
}

async function call(server: string) {
  const { text } = await gateway.send(server, modern("tools/call", { name: "list_roles", arguments: {} }));
  answered += text;
  return text;
}

describe("each kind of credential, through the whole gateway", () => {
  test.each(["header", "own", "exchanged", "signed", "mutual"])("%s", async (server) => {
    expect(await call(server)).toContain("well done");
  });

  test("the authorization server is handed the caller's token, and no server is", async () => {
    const handed = tokens.asked
      .filter(({ form }) => form.has("subject_token"))
      .map(({ form }) => form.get("subject_token"));
    expect(handed).toContain(gateway.developer);
    expect(JSON.stringify(scripted.got.map(({ headers }) => headers))).not.toContain(gateway.developer);
  });

  test("a client that the authorization server refuses is told by step, and nothing was sent", async () => {
    expect(await call("wrong")).toMatch(
      /The server \\"wrong\\" has no usable credential: its authorization server gave no token \(invalid_client\)/,
    );
    expect(scripted.of("wrong", "tools/call")).toEqual([]);
  });

  test("a caller whose issuer is not among those that are exchanged is told so, and its token stays here", async () => {
    const before = tokens.asked.length;
    expect(await call("nobody")).toContain("tokens of the caller's issuer are not exchanged for this server");
    expect(tokens.asked).toHaveLength(before);
  });
});

test("no credential is in a record, the archive, a log, an answer or an environment variable", async () => {
  await gateway.stack.drain();
  const signed = scripted.of("signed", "tools/call")[0]?.headers ?? {};
  const bearers = ["own", "exchanged"].map((name) =>
    String(scripted.of(name, "tools/call")[0]?.headers.authorization).replace("Bearer ", ""),
  );
  const secrets = {
    clientSecret: CLIENT_SECRET,
    wrongSecret: WRONG_SECRET,
    headerSecret: HEADER_SECRET,
    privateKey,
    ownToken: bearers[0] ?? "",
    exchangedToken: bearers[1] ?? "",
    callersToken: gateway.developer,
    sessionToken: String(signed["x-amz-security-token"]),
    signature: /Signature=(\w+)/.exec(String(signed.authorization))?.[1] ?? "",
    basic: Buffer.from(`gateway:${CLIENT_SECRET}`).toString("base64"),
  };
  for (const [name, secret] of Object.entries(secrets)) expect(secret.length, name).toBeGreaterThan(20);
  const places = {
    records: (await gateway.stack.ledgerLines()).join("\n"),
    archive: (await archived(gateway.stack.vaults.masked)) + (await archived(gateway.stack.vaults.sealed)),
    log: logged,
    answers: answered,
    environment: JSON.stringify([
      process.env,
      gateway.stack.environmentOf("gateway"),
      gateway.stack.environmentOf("archiver"),
    ]),
  };
  expect(places.records).toContain("list_roles");
  expect(places.archive).toContain("list_roles");
  expect(places.log).toContain("a server failed a call");
  const found = Object.entries(places).flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${place}`] : [])),
  );
  expect(found).toEqual([]);
});

/** The text of everything in a vault. */
async function archived(Bucket: string): Promise<string> {
  const s3 = new S3Client({ endpoint: endpoint(), region: REGION, credentials: LOCAL_KEYS, forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const texts = Contents.map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : bytes.toString();
  });
  return (await Promise.all(texts)).join("\n");
}
