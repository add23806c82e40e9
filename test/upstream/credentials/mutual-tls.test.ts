import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listen } from "../../../local/port.ts";
import { authority, type Pair } from "../support/certificates.ts";
import { secretsOf } from "../support/credentials.ts";
import { OK, sceneOf } from "../support/scene.ts";

let trusted: Awaited<ReturnType<typeof authority>>;
let other: Awaited<ReturnType<typeof authority>>;
let server: Server;
let url: string;
/** Who the server saw with each request that it read. */
let seen: string[] = [];

beforeAll(async () => {
  [trusted, other] = [await authority("private"), await authority("other")];
  const { certificate, key } = await trusted.sign("server", "server");
  server = createServer(
    { cert: certificate, key, ca: trusted.pem, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN));
      request.resume();
      // Each request finds a connection of its own, as after a pause.
      response.writeHead(200, { "content-type": "application/json", connection: "close" }).end(OK);
    },
  );
  url = `https://127.0.0.1:${await listen(server)}/mcp`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  seen = [];
});

const text = (pair: Pair) => JSON.stringify(pair);
const scene = (texts: Record<string, string | string[]>, pem: string | undefined = trusted.pem) => {
  const secrets = secretsOf(texts);
  const credential = { kind: "mutual-tls", secretName: "s" } as const;
  return { secrets, ...sceneOf({ url, credential, secrets, ...(pem === undefined ? {} : { authority: pem }) }) };
};

describe("mutual TLS", () => {
  test("the gateway shows its certificate to a server of a private authority", async () => {
    const { call } = scene({ s: text(await trusted.sign("gateway-1", "client")) });
    expect(await call()).toEqual({ text: OK });
    expect(seen).toEqual(["gateway-1"]);
  });

  test("a new certificate is shown on the next connection, without anything made anew", async () => {
    const texts = { s: text(await trusted.sign("gateway-1", "client")) };
    const { call, secrets } = scene(texts);
    await call();
    texts.s = text(await trusted.sign("gateway-2", "client"));
    await secrets.again("s");
    expect(await call()).toEqual({ text: OK });
    expect(seen).toEqual(["gateway-1", "gateway-2"]);
  });

  test("a certificate of another authority gets nothing done", async () => {
    const { call } = scene({ s: text(await other.sign("stranger", "client")) });
    const { failure } = await call();
    expect(failure).toMatchObject({ message: "broke the connection", sent: true });
    expect(seen).toEqual([]);
  });

  test("a server of another authority than the configured one is not spoken to", async () => {
    const { call } = scene({ s: text(await trusted.sign("gateway-1", "client")) }, other.pem);
    expect((await call()).failure).toMatchObject({ message: "cannot be reached", sent: false });
    expect(seen).toEqual([]);
  });

  test("a server of a private authority is not spoken to where none is configured", async () => {
    const credential = { kind: "mutual-tls", secretName: "s" } as const;
    const secrets = secretsOf({ s: text(await trusted.sign("gateway-1", "client")) });
    const { failure } = await sceneOf({ url, credential, secrets }).call();
    expect(failure).toMatchObject({ message: "cannot be reached", sent: false });
  });

  test("without its certificate the gateway would not be let in", async () => {
    const { failure } = await sceneOf({ url, credential: { kind: "none" }, authority: trusted.pem }).call();
    // By TLS 1.3 the request is on its way when the server hangs up: that it read none of it, we cannot know.
    expect(failure).toMatchObject({ message: "broke the connection", sent: true });
    expect(seen).toEqual([]);
  });
});

describe("a secret that cannot be used is named as that, and never quoted", () => {
  test.each<[string, () => Promise<string>]>([
    ["no JSON", async () => (await trusted.sign("g", "client")).key],
    ["no key", async () => JSON.stringify({ certificate: (await trusted.sign("g", "client")).certificate })],
    [
      "another certificate's key",
      async () => text({ ...(await trusted.sign("g", "client")), key: (await trusted.sign("h", "client")).key }),
    ],
  ])("%s", async (_what, make) => {
    const { failure } = await scene({ s: await make() }).call();
    expect(failure).toMatchObject({
      sent: false,
      message: "has no usable credential: its secret is not JSON with a certificate and its key in PEM",
    });
    expect(inspect(failure, { depth: 10 })).not.toMatch(/BEGIN|MIG/);
    expect(seen).toEqual([]);
  });

  test("a secret that cannot be read", async () => {
    const { failure } = await scene({}).call();
    expect(failure).toMatchObject({ sent: false, message: "has no usable credential: its secret cannot be read" });
  });
});
