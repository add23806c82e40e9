import { createServer, type Server } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UpstreamFailure } from "../../lambdas/domain/upstream/answer.ts";
import { httpUpstream } from "../../lambdas/upstream/http-upstream.ts";
import type { ServerConfig } from "../../lib/config/schema.ts";
import { closeServer, listen } from "../../local/port.ts";
import { authority } from "./support/certificates.ts";
import { credentialsOf } from "./support/credentials.ts";

let ours: Awaited<ReturnType<typeof authority>>;
let theirs: Awaited<ReturnType<typeof authority>>;
let server: Server;
let url: string;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([authority("ours"), authority("theirs")]);
  const { certificate: cert, key } = await ours.sign("server", "server");
  server = createServer({ cert, key }, (_, response) => {
    // Each call a connection of its own.
    const head = { connection: "close", "content-type": "application/json" };
    response.writeHead(200, head).end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: {} }));
  });
  url = `https://127.0.0.1:${await listen(server)}/mcp`;
});
afterAll(() => closeServer(server));

const place = (name: string, ca?: ServerConfig["ca"]): ServerConfig => ({
  name,
  url,
  network: "private",
  push: false,
  credential: { kind: "none" },
  ...(ca === undefined ? {} : { ca }),
});

interface Trust {
  readonly servers: readonly ServerConfig[];
  readonly authorities?: Readonly<Record<string, string>>;
  /** Reads a secret. */
  readonly secret?: (name: string) => Promise<string>;
}

/** A way to servers: calls one by its name, and tells what came of it. */
function wayTo({ servers, authorities = {}, secret = async () => "" }: Trust) {
  const upstream = httpUpstream({
    servers,
    secret,
    credentials: credentialsOf({}),
    timeout: 2,
    largest: 65_536,
    authorities,
    loopback: true,
  });
  return async (name: string) => {
    try {
      const answer = await upstream.send({ server: name, method: "POST", body: "{}", headers: {}, within: 5000 });
      for await (const _ of answer.messages);
      return "served";
    } catch (failure) {
      expect(failure).toBeInstanceOf(UpstreamFailure);
      const { sent, message } = failure as UpstreamFailure;
      expect(sent).toBe(false);
      return message;
    }
  };
}

const UNTRUSTED = "cannot be reached";
const UNREADABLE = "cannot be trusted: its certificate authority cannot be read";

describe("a private authority", () => {
  test("is trusted for the server that names it, and for no other at the same address", async () => {
    const call = wayTo({
      servers: [place("ours", { file: "ours.pem" }), place("plain"), place("theirs", { file: "theirs.pem" })],
      authorities: { ours: ours.pem, theirs: theirs.pem },
    });
    expect(await call("plain")).toBe(UNTRUSTED);
    expect(await call("ours")).toBe("served");
    // The connection that is trusted is not lent to the others.
    expect(await call("plain")).toBe(UNTRUSTED);
    expect(await call("theirs")).toBe(UNTRUSTED);
    expect(await call("ours")).toBe("served");
  });

  test("in a secret is picked up when it rotates", async () => {
    let pem = theirs.pem;
    const call = wayTo({ servers: [place("s", { secretName: "ca" })], secret: async () => pem });
    expect(await call("s")).toBe(UNTRUSTED);
    pem = `${theirs.pem}\n${ours.pem}`;
    expect(await call("s")).toBe("served");
    pem = theirs.pem;
    expect(await call("s")).toBe(UNTRUSTED);
  });

  test.each([
    ["cannot be read", () => Promise.reject(new Error("AccessDenied for secret ca"))],
    ["is empty", async () => ""],
    ["holds something else", async () => "not a certificate"],
  ])("whose secret %s fails the call, and falls back on nobody", async (_, secret) => {
    const call = wayTo({ servers: [place("s", { secretName: "ca" })], secret });
    expect(await call("s")).toBe(UNREADABLE);
  });

  test("that the settings do not hold fails the call", async () => {
    expect(await wayTo({ servers: [place("s", { file: "ca.pem" })] })("s")).toBe(UNREADABLE);
  });
});
