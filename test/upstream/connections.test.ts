import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Upstream, type UpstreamAnswer, UpstreamFailure } from "../../lambdas/domain/upstream/answer.ts";
import { httpUpstream } from "../../lambdas/upstream/http-upstream.ts";
import { closeServer, freePort, listen } from "../../local/port.ts";
import { credentialsOf } from "./support/credentials.ts";
import { startRaw } from "./support/faulty-servers.ts";

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** The way to one server, with a secret of its own. */
function way(port: number, secret = "credential"): Upstream {
  return httpUpstream({
    servers: [
      {
        name: "raw",
        url: `http://127.0.0.1:${port}/`,
        network: "private",
        push: false,
        credential: { kind: "header", header: "Authorization", prefix: "Bearer ", secretName: "s" },
      },
    ],
    secret: async () => secret,
    credentials: credentialsOf({ s: secret }),
    timeout: 2,
    largest: 65_536,
    authorities: {},
    loopback: true,
  });
}

const ok = (id: unknown, more = "") => {
  const body = JSON.stringify({ jsonrpc: "2.0", id, result: {} });
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
};

/** One call: its text, or how it failed. */
async function call(upstream: Upstream, id: number, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "t" } });
  try {
    const answer: UpstreamAnswer = await upstream.send({ server: "raw", method: "POST", body, headers, within: 5000 });
    let text: string | undefined;
    for await (const together of answer.messages) for (const message of together) text = message.text;
    return { text, failure: undefined };
  } catch (failure) {
    expect(failure).toBeInstanceOf(UpstreamFailure);
    return { text: undefined, failure: failure as UpstreamFailure };
  }
}

describe("a server that closes its connection when the next call is on its way", () => {
  /** Ids of the calls that arrived whole, as often as they did. */
  const arrived = new Map<unknown, number>();
  /** Milliseconds after an answer at which the server hangs up. */
  let patience = 0;
  let upstream: Upstream;

  beforeAll(async () => {
    const { port, server } = await startRaw((socket, { id }) => {
      arrived.set(id, (arrived.get(id) ?? 0) + 1);
      socket.write(ok(id));
      if (patience === 0) socket.destroy();
      else if (patience < 1) setImmediate(() => socket.destroy());
      else setTimeout(() => socket.destroy(), patience);
    });
    stops.push(server.stop);
    upstream = way(port);
  });

  test("no call is sent twice, and one that is said not to be sent was not", async () => {
    const outcomes = { answered: 0, lost: 0, notSent: 0 };
    for (let id = 1; id <= 400; id += 1) {
      patience = [0, 0.5, 1, 2, 3][id % 5] ?? 0;
      const { text, failure } = await call(upstream, id);
      const times = arrived.get(id) ?? 0;
      expect(times, `call ${id}`).toBeLessThanOrEqual(1);
      if (failure === undefined) {
        expect(JSON.parse(text ?? "")).toMatchObject({ id });
        expect(times).toBe(1);
        outcomes.answered += 1;
      } else if (failure.sent) outcomes.lost += 1;
      else {
        expect(times, `call ${id} was said not to be sent`).toBe(0);
        outcomes.notSent += 1;
      }
      // From call to call another moment of the closing.
      await sleep(id % 7 === 0 ? 0 : [0, 1, 2, 3][id % 4]);
    }
    expect(outcomes.answered + outcomes.lost + outcomes.notSent).toBe(400);
    expect(outcomes.answered).toBeGreaterThan(0);
  });

  test("of many at once, each arrives at most once and gets its own answer", async () => {
    patience = 1;
    const ids = Array.from({ length: 200 }, (_, at) => 10_000 + at);
    const results = await Promise.all(ids.map((id) => call(upstream, id)));
    results.forEach(({ text, failure }, at) => {
      expect(arrived.get(ids[at]) ?? 0).toBeLessThanOrEqual(1);
      if (failure === undefined) expect(JSON.parse(text ?? "")).toMatchObject({ id: ids[at] });
      else if (!failure.sent) expect(arrived.get(ids[at])).toBeUndefined();
    });
  });
});

test("a call that takes the connection down is not sent again on another one", async () => {
  const arrived: unknown[] = [];
  const { port, server } = await startRaw((socket, { id, turn }) => {
    arrived.push(id);
    if (turn === 1) socket.write(ok(id));
    else socket.resetAndDestroy();
  });
  stops.push(server.stop);
  const upstream = way(port);
  let lost = 0;
  for (let id = 1; id <= 100; id += 1) {
    const { failure } = await call(upstream, id);
    if (failure !== undefined) {
      expect(failure).toMatchObject({ sent: true, message: "broke the connection" });
      lost += 1;
    }
    expect(arrived.filter((seen) => seen === id)).toHaveLength(1);
  }
  expect(lost, "connections are used again").toBeGreaterThan(0);
});

test("a second response that nobody asked for is not taken for the answer to the next call", async () => {
  const { port, server } = await startRaw((socket, { id }) => {
    socket.write(ok(id) + ok("nobody's"));
  });
  stops.push(server.stop);
  const upstream = way(port);
  for (let id = 1; id <= 30; id += 1) {
    const { text, failure } = await call(upstream, id);
    if (failure === undefined) expect(JSON.parse(text ?? "")).toMatchObject({ id });
  }
});

test("a connection that ends while an event stream is read ends the stream as a failure, or as its end", async () => {
  const { port, server } = await startRaw((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    socket.write("9\r\ndata: x\n\n\r\n");
    setTimeout(() => socket.destroy(), 20);
  });
  stops.push(server.stop);
  const { failure } = await call(way(port), 1);
  expect(failure).toMatchObject({ sent: true, message: "broke the connection" });
});

describe("`sent` is false when it is certain that nothing was sent", () => {
  test("nobody listens", async () => {
    const { failure } = await call(way(await freePort()), 1);
    expect(failure).toMatchObject({ sent: false, message: "cannot be reached" });
  });

  test.each([
    ["a line ending, as an editor leaves it", "credential\n"],
    ["a character beyond Latin-1", "crédential-名"],
  ])("the credential has %s", async (_what, secret) => {
    let seen = 0;
    const { port, server } = await startRaw((socket, { id }) => {
      seen += 1;
      socket.write(ok(id));
    });
    stops.push(server.stop);
    const { failure } = await call(way(port, secret), 1);
    expect(seen).toBe(0);
    expect(failure).toMatchObject({ sent: false, message: expect.stringMatching(/credential/) });
  });

  test("a header of the client cannot be written", async () => {
    let seen = 0;
    const { port, server } = await startRaw((socket, { id }) => {
      seen += 1;
      socket.write(ok(id));
    });
    stops.push(server.stop);
    const { failure } = await call(way(port), 1, { "mcp-param-city": "東京" });
    expect(seen).toBe(0);
    expect(failure).toMatchObject({ sent: false });
  });

  test("the server speaks no TLS", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    });
    const port = await listen(server);
    stops.push(() => closeServer(server));
    const upstream = httpUpstream({
      servers: [
        {
          name: "raw",
          url: `https://127.0.0.1:${port}/`,
          network: "private",
          push: false,
          credential: { kind: "none" },
        },
      ],
      secret: async () => "",
      credentials: credentialsOf({}),
      timeout: 2,
      largest: 65_536,
      authorities: {},
      loopback: true,
    });
    const { failure } = await call(upstream, 1);
    expect(failure).toMatchObject({ sent: false });
  });
});
