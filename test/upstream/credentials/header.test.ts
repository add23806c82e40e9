import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { closeServer, listen } from "../../../local/port.ts";
import { secretsOf } from "../support/credentials.ts";
import { OK, sceneOf } from "../support/scene.ts";

/** What the server takes, and what it was shown with each request that arrived. */
let takes: readonly string[] = [];
let shown: string[] = [];
let url: string;
const server = createServer((request, response) => {
  const key = String(request.headers["x-key"]);
  shown.push(key);
  const good = takes.includes(key);
  response.writeHead(good ? 200 : 401, { "content-type": "application/json" }).end(good ? OK : "{}");
});

beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server)}/mcp`;
});
afterAll(() => closeServer(server));
beforeEach(() => {
  shown = [];
  vi.useFakeTimers({ toFake: ["Date"] });
  return () => vi.useRealTimers();
});

function scene(texts: Record<string, string | string[]>) {
  const secrets = secretsOf(texts);
  const credential = { kind: "header", header: "X-Key", prefix: "", secretName: "s" } as const;
  return { secrets, ...sceneOf({ url, credential, secrets }) };
}

describe("a header whose secret rotates", () => {
  test("a new text that the cache does not know is fetched when the old one is refused, and the call is answered", async () => {
    const texts: Record<string, string[]> = { s: ["old"] };
    const { call } = scene(texts);
    takes = ["old"];
    expect(await call()).toEqual({ text: OK });
    texts.s = ["new", "old"];
    takes = ["new"];
    expect(await call()).toEqual({ text: OK });
    expect(await call()).toEqual({ text: OK });
    expect(shown).toEqual(["old", "old", "new", "new"]);
  });

  test("a server that does not know the new text yet gets the old one, and goes on getting it for a minute", async () => {
    const { call } = scene({ s: ["new", "old"] });
    takes = ["old"];
    for (let turn = 0; turn < 3; turn += 1) expect(await call()).toEqual({ text: OK });
    expect(shown).toEqual(["new", "old", "old", "old"]);
    takes = ["new"];
    vi.advanceTimersByTime(61_000);
    expect(await call()).toEqual({ text: OK });
    expect(shown.slice(4)).toEqual(["new"]);
  });

  test("calls that are under way together while it rotates are all answered, with one look at Secrets Manager", async () => {
    const texts: Record<string, string[]> = { s: ["old"] };
    const { call, secrets } = scene(texts);
    takes = ["old"];
    await call();
    texts.s = ["new", "old"];
    takes = ["new"];
    const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
    expect(answers.filter(({ text }) => text === OK)).toHaveLength(20);
    expect(secrets.reads).toEqual(["s"]);
  });

  test("a server that refuses everything costs one more request in ten seconds, and the failure names no secret", async () => {
    const { call, secrets } = scene({ s: ["topsecret-new", "topsecret-old"] });
    takes = [];
    for (let turn = 0; turn < 30; turn += 1) {
      const { failure } = await call();
      expect(failure).toMatchObject({ message: "refused the gateway's own credential (HTTP 401)", sent: true });
      expect(JSON.stringify(failure)).not.toContain("topsecret");
    }
    expect(shown).toHaveLength(31);
    expect(secrets.reads).toHaveLength(1);
    vi.advanceTimersByTime(10_001);
    await call();
    await call();
    expect(shown).toHaveLength(34);
  });

  test("without another text a call is sent once", async () => {
    const { call } = scene({ s: "only" });
    takes = [];
    await call();
    expect(shown).toEqual(["only"]);
  });

  test("a secret that cannot be read stops the call before anything is sent", async () => {
    const { call } = scene({});
    const { failure } = await call();
    expect(failure).toMatchObject({ message: "has no usable credential: its secret cannot be read", sent: false });
    expect(shown).toEqual([]);
  });
});
