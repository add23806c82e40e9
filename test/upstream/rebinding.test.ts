import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { UpstreamFailure } from "../../lambdas/domain/upstream/answer.ts";
import type { Resolve } from "../../lambdas/upstream/checked-lookup.ts";
import { httpUpstream } from "../../lambdas/upstream/http-upstream.ts";
import { closeServer, listen } from "../../local/port.ts";
import { answering } from "./support/answering.ts";
import { credentialsOf } from "./support/credentials.ts";

const HERE = "127.0.0.1";
const METADATA = "169.254.169.254";

let server: Server;
let port: number;
/** Paths and hosts of the requests that arrived. */
let arrived: string[];
let redirectTo: string | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    arrived.push(`${request.headers.host}${request.url}`);
    // Each request a connection of its own, so that the name is looked up again.
    const head = { connection: "close", "content-type": "application/json" };
    if (redirectTo === undefined)
      response.writeHead(200, head).end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: {} }));
    else response.writeHead(302, { ...head, location: redirectTo }).end();
  });
  port = await listen(server);
});
afterAll(() => closeServer(server));
beforeEach(() => {
  arrived = [];
  redirectTo = undefined;
});

interface Way {
  readonly host: string;
  readonly resolve?: Resolve;
  /** @default false, as in Lambda */
  readonly loopback?: boolean;
  readonly network?: "private" | "public";
}

/** A server at a host, called as often as one likes. */
function serverAt({ host, resolve, loopback = false, network = "private" }: Way) {
  const upstream = httpUpstream({
    servers: [{ name: "s", url: `http://${host}:${port}/mcp`, network, push: false, credential: { kind: "none" } }],
    secret: async () => "",
    credentials: credentialsOf({}),
    timeout: 2,
    largest: 65_536,
    authorities: {},
    loopback,
    ...(resolve === undefined ? {} : { resolve }),
  });
  return async () => {
    try {
      const answer = await upstream.send({ server: "s", method: "POST", body: "{}", headers: {}, within: 3000 });
      for await (const _ of answer.messages);
      return { status: answer.status };
    } catch (failure) {
      expect(failure).toBeInstanceOf(UpstreamFailure);
      return { failure: failure as UpstreamFailure };
    }
  };
}

const REFUSED = (reason: RegExp) => ({
  failure: expect.objectContaining({
    sent: false,
    message: expect.stringMatching(new RegExp(`^has an address that is refused: ${reason.source}`)),
  }),
});

describe("a name whose answer changes", () => {
  test("is refused at the connection that would go to the metadata, and nothing is sent", async () => {
    const call = serverAt({ host: "srv.test", resolve: answering([HERE], [METADATA]), loopback: true });
    expect(await call()).toEqual({ status: 200 });
    expect(await call()).toEqual(REFUSED(/it is a link-local address/));
    expect(arrived).toEqual([`srv.test:${port}/mcp`]);
  });

  test("is asked for once a connection: what was checked is what is connected to", async () => {
    const resolve = answering([HERE], [METADATA]);
    expect(await serverAt({ host: "srv.test", resolve, loopback: true })()).toEqual({ status: 200 });
    expect(resolve.asked).toBe(1);
  });

  test("is served again when it answers rightly", async () => {
    const call = serverAt({ host: "srv.test", resolve: answering([METADATA], [HERE]), loopback: true });
    expect(await call()).toEqual(REFUSED(/it is a link-local address/));
    expect(await call()).toEqual({ status: 200 });
  });
});

describe("a name with several addresses", () => {
  test.each([[[HERE, METADATA]], [[METADATA, HERE]], [[HERE, `::ffff:${METADATA}`]], [[HERE, "fd00:ec2::254"]]])(
    "of which one is refused is refused: %j",
    async (addresses) => {
      const call = serverAt({ host: "srv.test", resolve: answering(addresses), loopback: true });
      expect(await call()).toEqual(REFUSED(/it is a link-local address/));
      expect(arrived).toEqual([]);
    },
  );

  test("without any cannot be reached", async () => {
    const failing: Resolve = (_, __, callback) => callback(Object.assign(new Error("none"), { code: "ENOTFOUND" }), []);
    expect(await serverAt({ host: "srv.test", resolve: failing })()).toEqual({
      failure: expect.objectContaining({ sent: false, message: "cannot be reached" }),
    });
  });
});

describe("a name of the private network", () => {
  test.each(["10.0.0.7", "fd12::7", "100.64.0.7"])("is not a public server's: %s", async (address) => {
    const call = serverAt({ host: "srv.test", resolve: answering([address]), network: "public" });
    expect(await call()).toEqual(REFUSED(/it is a private address/));
  });
});

describe("this machine, however it is written", () => {
  // The URL parser makes one address of the first six; the others are looked up, or are IPv6.
  const HOSTS = ["127.0.0.1", "2130706433", "0177.0.0.1", "0x7f000001", "127.1", "127.0.0.1.", "[::ffff:127.0.0.1]"];

  test.each(HOSTS)("%s is refused, and no connection is made", async (host) => {
    expect(await serverAt({ host })()).toEqual(REFUSED(/it is a loopback address/));
    expect(arrived).toEqual([]);
  });

  test.each(HOSTS)("%s reaches a laptop's server, so that the refusal above is ours", async (host) => {
    expect(await serverAt({ host, loopback: true })()).toEqual({ status: 200 });
    expect(arrived).toHaveLength(1);
  });

  test.each(["localhost", "localhost."])("%s is refused by what it resolves to", async (host) => {
    const { failure } = await serverAt({ host })();
    expect(failure).toMatchObject({ sent: false, message: expect.stringMatching(/loopback|cannot be reached/) });
    expect(arrived).toEqual([]);
  });
});

describe("the metadata, however it is written", () => {
  test.each([
    METADATA,
    `${METADATA}.`,
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    `[::ffff:${METADATA}]`,
    "[::ffff:a9fe:a9fe]",
    "[fd00:ec2::254]",
    "[fe80::a9fe:a9fe]",
  ])("%s is refused, on a laptop too", async (host) => {
    for (const loopback of [true, false])
      expect(await serverAt({ host, loopback })()).toEqual(REFUSED(/it is a link-local address/));
  });
});

test.each([`http://${METADATA}/latest/meta-data/`, "http://srv.test/elsewhere", "//other.test/"])(
  "a redirect to %s is told and not followed",
  async (location) => {
    redirectTo = location;
    const resolve = answering([HERE]);
    expect(await serverAt({ host: "srv.test", resolve, loopback: true })()).toEqual({
      failure: expect.objectContaining({ message: "answered with a redirect (HTTP 302), which is not followed" }),
    });
    expect(resolve.asked).toBe(1);
    expect(arrived).toEqual([`srv.test:${port}/mcp`]);
  },
);
