import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertTogether, replay } from "../../bin/commands/replay.ts";
import { followReplay, playReplay } from "../../bin/commands/replay-live.ts";
import type { Place } from "../../bin/place.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { ENV } from "../../lambdas/environment.ts";
import { approving } from "../support/approving.ts";
import { type Gateway, modern, openGateway } from "../support/gateway.ts";

const LARGE = `large-${"x".repeat(20_000)}-end`;

describe("replay of sessions that really were", () => {
  let gateway: Gateway;
  let place: Place;
  let folder: string;
  let session: string;
  let approval: string;
  let before: string;
  const tool = (name: string, args: object, token?: string) =>
    gateway.send("ops", {
      ...modern("tools/call", { name, arguments: args }),
      patience: 40_000,
      ...(token === undefined ? {} : { token }),
    });
  const records = async (id: string | undefined, options: object) =>
    (await replay(place, id, { ...options, json: true })).split("\n").map((line) => JSON.parse(line) as LedgerRecord);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "countersign-replay-"));
    gateway = await openGateway({ times: { waitLeg: "20s" } });
    const { stack } = gateway;
    place = {
      ...stack.place,
      environment: {
        ...stack.place.environment,
        [ENV.ledgerTable]: stack.environmentOf("gateway")[ENV.ledgerTable],
      },
    };
    const desk = approving(gateway);
    await tool("list_roles", {}, await stack.token("oncall", "mcp"));
    before = new Date().toISOString();
    await tool("read_config", { name: LARGE });
    const asked = tool("create_role", { name: "role-r" });
    approval = await desk.waiting("create_role");
    await desk.decide(approval, "approve", { reason: "\u001b[31mneeded\u202e for r" });
    await asked;
    await stack.drain();
    const [call] = await gateway.records(({ type, target }) => type === "call.received" && target === "create_role");
    session = call?.session ?? "";
  }, 120_000);
  afterAll(async () => {
    await gateway?.stack.stop();
    await rm(folder, { recursive: true });
  });

  test("tells the same from the archive and from the ledger", async () => {
    const archived = await replay(place, session, { from: "archive", json: true });
    expect(await replay(place, session, { from: "ledger", json: true })).toBe(archived);
    expect(await replay(place, session, {})).toBe(await replay(place, session, { from: "ledger" }));
    expect(archived.split("\n").length).toBeGreaterThan(6);
  });

  test("tells who asked, who approved, why, how long, and the result, and steers no terminal", async () => {
    const story = await replay(place, session, {});
    expect(story).toContain(`Session ${session}`);
    expect(story).toMatch(
      /approve by Alex Approver \(\\u\{001b\}\[31mneeded\\u\{202e\} for r\), [\d.]+ s after it was asked/,
    );
    expect(story).toMatch(/response +.*Created role role-r/);
    expect(story).toMatch(/masked +\d+: /);
    expect(story.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("fetches a body that is kept apart, and says so when it is not what its record names", async () => {
    const masked = vault(place.environment, place.maskedVault);
    const copy = join(folder, "copy");
    for (const key of await masked.list("")) {
      const file = join(copy, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, (await masked.read(key)) ?? "");
    }
    const wanted = (await records(session, {})).find(({ request }) => request?.key != null)?.request?.key ?? "";
    const page = join(folder, "story.html");
    const telling = async (from: string) => {
      await replay(place, session, { folder: from, html: page });
      return readFile(page, "utf8");
    };
    expect(await telling(copy)).toContain(LARGE);
    const touched = join(folder, "touched");
    await cp(copy, touched, { recursive: true });
    await writeFile(join(touched, wanted), gzipSync(JSON.stringify({ text: "another", findings: [] })));
    expect(await telling(touched)).toContain(`ALTERED: ${wanted} is not what the record names`);
    await rm(join(touched, wanted));
    expect(await telling(touched)).toContain(`${wanted} is not there`);
  });

  test("finds sessions by principal, by approval and by time", async () => {
    const ofDana = await records(undefined, { principal: gateway.principal });
    expect(new Set(ofDana.map(({ session: id }) => id))).toEqual(new Set([session]));
    expect(await records(undefined, { approval })).toEqual(await records(approval, {}));
    const since = await records(undefined, { since: before });
    expect(since.some(({ principal }) => principal?.subject === "oncall")).toBe(false);
    const until = await records(undefined, { until: before, from: "ledger" });
    expect(until.some(({ principal }) => principal?.subject === "oncall")).toBe(true);
    expect(until.every(({ occurredAt }) => occurredAt < before)).toBe(true);
  });

  test("says what is not there, and asks for something to look for", async () => {
    await expect(replay(place, "nowhere", {})).rejects.toThrow(
      /the archive knows no session, call or approval nowhere/,
    );
    await expect(replay(place, "nowhere", { from: "ledger" })).rejects.toThrow(/the hot ledger knows no session/);
    await expect(replay(place, undefined, {})).rejects.toThrow(/say which/);
    await expect(replay(place, session, { since: "yesterday" })).rejects.toThrow(/is no time/);
    await expect(replay(place, session, { from: "elsewhere" })).rejects.toThrow(/archive or ledger/);
  });

  test("plays with the pauses that there were, faster", async () => {
    const told: string[] = [];
    const started = performance.now();
    const all = await records(session, {});
    const first = Date.parse(all[0]?.occurredAt ?? "");
    const length = Date.parse(all.at(-1)?.occurredAt ?? "") - first;
    const live = { write: (text: string) => told.push(text), signal: new AbortController().signal };
    await playReplay(place, session, { speed: length / 1000 }, live);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(told).toHaveLength(all.length + 1);
    await expect(playReplay(place, session, { speed: 0 }, live)).rejects.toThrow(/--speed/);
  });

  test("follows a session that goes on, telling each record once", async () => {
    const told: string[] = [];
    const ending = new AbortController();
    const following = followReplay(
      place,
      session,
      { from: "ledger", json: true },
      { write: (text) => told.push(text), signal: ending.signal, every: 100 },
    );
    await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(6);
    const known = told.length;
    await tool("list_roles", {});
    await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(known + 2);
    ending.abort();
    await following;
    const ids = told.map((line) => (JSON.parse(line) as LedgerRecord).id);
    expect(new Set(ids).size).toBe(ids.length);
    const latest = told.slice(known).map((line) => (JSON.parse(line) as LedgerRecord).type);
    expect(latest).toEqual(["call.received", "call.completed"]);
  });
});

test.each([
  { follow: true, speed: 2 },
  { follow: true, html: "story.html" },
  { speed: 2, html: "story.html" },
  { speed: 2, json: true },
  { json: true, html: "story.html" },
])("%j is refused: one of the two would be left out", (options) => {
  expect(() => assertTogether(options)).toThrow(/^--\w+ and --\w+ do not go together: /);
});

test.each([{}, { follow: true, json: true }, { follow: true }, { speed: 2 }, { json: true }, { html: "story.html" }])(
  "%j goes together",
  (options) => expect(() => assertTogether(options)).not.toThrow(),
);
