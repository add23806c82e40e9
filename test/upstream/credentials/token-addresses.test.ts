import { createServer, type ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Resolve } from "../../../lambdas/upstream/checked-lookup.ts";
import type { TokenCredential } from "../../../lib/config/credential.ts";
import type { IssuerConfig } from "../../../lib/config/schema.ts";
import { closeServer, listen } from "../../../local/port.ts";
import { answering } from "../support/answering.ts";
import { secretsOf } from "../support/credentials.ts";
import { callerOf, OK, sceneOf } from "../support/scene.ts";

const HERE = "127.0.0.1";
const METADATA = "169.254.169.254";
const SECRET = "the-clients-secret";
const COMPANY = { name: "company", issuer: "https://login.example.com" } as IssuerConfig;

let port: number;
let url: string;
/** Hosts, paths and forms of what arrived at the token endpoint, and how many calls arrived at the MCP server. */
let asked: string[];
let called: number;
let answer: (response: ServerResponse) => void;

const TOKEN = JSON.stringify({ access_token: "abc", token_type: "bearer", expires_in: 1 });
/** Each request a connection of its own, so that the name is looked up again. */
const HEAD = { connection: "close", "content-type": "application/json" };

const tokenServer = createServer(async (request, response) => {
  const form = Buffer.concat(await request.toArray()).toString();
  asked.push(`${request.headers.host}${request.url} ${form}`);
  answer(response);
});
const mcpServer = createServer((_, response) => {
  called += 1;
  response.writeHead(200, { "content-type": "application/json" }).end(OK);
});

beforeAll(async () => {
  port = await listen(tokenServer);
  url = `http://127.0.0.1:${await listen(mcpServer)}/mcp`;
});
afterAll(async () => {
  for (const server of [tokenServer, mcpServer]) await closeServer(server);
});
beforeEach(() => {
  asked = [];
  called = 0;
  answer = (response) => void response.writeHead(200, HEAD).end(TOKEN);
});

interface Way {
  readonly host: string;
  readonly resolve?: Resolve;
  /** @default false, as in Lambda */
  readonly tokensHere?: boolean;
  readonly tokenNetwork?: "private" | "public";
  readonly kind?: TokenCredential["kind"];
  /** Of the server. */
  readonly addresses?: string[];
}

/** A public server whose token endpoint is at a host, called by one caller as often as one likes. */
function tokensFrom({
  host,
  resolve,
  tokensHere = false,
  tokenNetwork = "private",
  kind = "client-credentials",
  addresses,
}: Way): () => Promise<unknown> {
  const common = {
    tokenEndpoint: `http://${host}:${port}/token`,
    tokenNetwork,
    clientId: "gateway",
    secretName: "client",
    authentication: "client_secret_post",
    scope: null,
    audience: null,
    resource: null,
  } as const;
  const credential: TokenCredential =
    kind === "client-credentials"
      ? { kind, ...common }
      : { kind, ...common, callersOf: ["company"], subjectTokenType: "access_token" };
  const { call } = sceneOf({
    url,
    credential,
    secrets: secretsOf({ client: SECRET }),
    issuers: [COMPANY],
    tokensHere,
    network: tokenNetwork,
    addresses,
    ...(resolve === undefined ? {} : { resolve }),
  });
  return () => call(callerOf("anna", { issuer: COMPANY.issuer }));
}

const refused = (reason: string) => ({
  failure: expect.objectContaining({
    sent: false,
    message: `has no usable credential: its authorization server ${reason}`,
  }),
});
const REFUSED_ADDRESS = "has an address that is refused: it is a";

describe.each(["client-credentials", "token-exchange"] as const)("a token endpoint (%s)", (kind) => {
  test("whose name changes to the metadata is refused at the connection, and neither secret nor token is sent", async () => {
    const resolve = answering([HERE], [METADATA]);
    const call = tokensFrom({ host: "login.test", resolve, tokensHere: true, kind });
    expect(await call()).toEqual({ text: OK });
    // The token lives for a second, so the next call asks for another.
    expect(await call()).toEqual(refused(`${REFUSED_ADDRESS} link-local address`));
    expect([asked.length, resolve.asked, called]).toEqual([1, 2, 1]);
  });

  test("is asked at the address that was checked: its name is looked up once a connection", async () => {
    const resolve = answering([HERE], [METADATA]);
    expect(await tokensFrom({ host: "login.test", resolve, tokensHere: true, kind })()).toEqual({ text: OK });
    expect(asked).toEqual([expect.stringMatching(`^login\\.test:${port}/token .*client_secret=${SECRET}`)]);
    expect(resolve.asked).toBe(1);
  });

  test.each([[[HERE, METADATA]], [[METADATA, HERE]], [[HERE, `::ffff:${METADATA}`]], [[HERE, "fd00:ec2::254"]]])(
    "of whose addresses one is refused is refused: %j",
    async (addresses) => {
      const call = tokensFrom({ host: "login.test", resolve: answering(addresses), tokensHere: true, kind });
      expect(await call()).toEqual(refused(`${REFUSED_ADDRESS} link-local address`));
      expect([asked, called]).toEqual([[], 0]);
    },
  );

  test.each([METADATA, "2852039166", "0251.0376.0251.0376", `[::ffff:${METADATA}]`, "[fd00:ec2::254]"])(
    "is not asked at %s, on a laptop neither",
    async (host) => {
      for (const tokensHere of [true, false])
        expect(await tokensFrom({ host, tokensHere, kind })()).toEqual(
          refused(`${REFUSED_ADDRESS} link-local address`),
        );
    },
  );

  test.each(["127.0.0.1", "2130706433", "127.1", "[::ffff:127.0.0.1]"])(
    "on this machine (%s) is not asked but on a laptop",
    async (host) => {
      expect(await tokensFrom({ host, kind })()).toEqual(refused(`${REFUSED_ADDRESS} loopback address`));
      expect([asked, called]).toEqual([[], 0]);
      expect(await tokensFrom({ host, kind, tokensHere: true })()).toEqual({ text: OK });
    },
  );

  test.each([`http://${METADATA}/latest/`, "/elsewhere", "//other.test/"])(
    "that redirects to %s is not followed",
    async (location) => {
      answer = (response) => void response.writeHead(307, { ...HEAD, location }).end();
      const resolve = answering([HERE]);
      const call = tokensFrom({ host: "login.test", resolve, tokensHere: true, kind });
      expect(await call()).toEqual(refused("answered with a redirect (HTTP 307), which is not followed"));
      expect([asked.length, resolve.asked, called]).toEqual([1, 1, 0]);
    },
  );
});

test.each(["10.1.0.7", "fd12::7", "192.168.0.7"])(
  "a private token endpoint is not asked at %s, outside the blocks of its server",
  async (address) => {
    const call = tokensFrom({ host: "login.test", resolve: answering([address]), addresses: ["10.0.0.0/16"] });
    expect(await call()).toEqual(
      refused("has an address that is refused: it is outside the addresses that are configured"),
    );
  },
);

test("a public token endpoint has nothing to do with the blocks of its server", async () => {
  const call = tokensFrom({
    host: "login.test",
    resolve: answering(["10.0.0.7"]),
    tokenNetwork: "public",
    addresses: ["10.0.0.0/16"],
  });
  expect(await call()).toEqual(refused(`${REFUSED_ADDRESS} private address`));
});

test.each(["10.0.0.7", "fd12::7", "100.64.0.7"])("a public token endpoint is not asked at %s", async (address) => {
  const call = tokensFrom({ host: "login.test", resolve: answering([address]), tokenNetwork: "public" });
  expect(await call()).toEqual(refused(`${REFUSED_ADDRESS} private address`));
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const)("a token that comes packed as %s is not unpacked: a bomb would come so", async (encoding, pack) => {
  answer = (response) =>
    void response.writeHead(200, { ...HEAD, "content-encoding": encoding }).end(pack(Buffer.from(TOKEN)));
  const call = tokensFrom({ host: "login.test", resolve: answering([HERE]), tokensHere: true });
  expect(await call()).toEqual(refused("sent an encoded body, which it was not asked for"));
  expect(called).toBe(0);
});
