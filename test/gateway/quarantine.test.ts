import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exported } from "../../bin/commands/export.ts";
import { quarantine } from "../../bin/commands/quarantine.ts";
import { query } from "../../bin/commands/query.ts";
import { replay } from "../../bin/commands/replay.ts";
import { reveal } from "../../bin/commands/reveal.ts";
import { verify } from "../../bin/commands/verify.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { ENV } from "../../lambdas/environment.ts";
import { localAws } from "../../local/aws.ts";
import { type Gateway, legacy, openGateway } from "../support/gateway.ts";
import {
  INITIALIZED,
  JSON_TYPE,
  rpc,
  type Script,
  type ScriptedServers,
  startScripted,
} from "../support/scripted-server.ts";

/** Nothing tells that these words are a secret. */
const MISSED = "plain words that nobody could tell";
const LONG = `${"a quiet line\n".repeat(2000)}${MISSED}`;
/** Where no text of some length stands. */
const ODD = { code: 492113, pin: "12", "horse-of-course": true, again: "it is 492113" };
const HIDDEN = `digits: ${Buffer.from(MISSED).toString("hex")}`;

const teller: Script = ({ message: { id, method, params } }, response) => {
  if (id === undefined) return void response.writeHead(202).end();
  const tools = ["short", "long", "other", "odd", "hidden"].map((name) => ({ name, inputSchema: { type: "object" } }));
  const text =
    params?.name === "long"
      ? LONG
      : params?.name === "short"
        ? `say ${MISSED} twice`
        : params?.name === "hidden"
          ? HIDDEN
          : "nothing here";
  const result =
    method === "initialize"
      ? { ...INITIALIZED, capabilities: { tools: {} } }
      : method === "tools/list"
        ? { tools }
        : { content: [{ type: "text", text }], ...(params?.name === "odd" ? { structuredContent: ODD } : {}) };
  response.writeHead(200, JSON_TYPE).end(rpc({ id, result }));
};

let servers: ScriptedServers;
let gateway: Gateway;
let [auditor, developer]: [string, string] = ["", ""];
const of = new Map<string, LedgerRecord>();

beforeAll(async () => {
  servers = await startScripted({ teller });
  gateway = await openGateway({ moreServers: servers.servers });
  [auditor, developer] = (await Promise.all(
    ["auditor", "developer"].map((name) => gateway.stack.token(name, "console")),
  )) as [string, string];
  for (const name of ["short", "long", "other", "odd", "hidden"])
    await gateway.send("teller", legacy("tools/call", { name, arguments: {} }));
  await gateway.stack.drain();
  for (const record of await gateway.records(({ type }) => type === "call.completed"))
    of.set(record.target ?? "", record);
}, 120_000);
afterAll(async () => {
  await gateway?.stack.stop();
  await servers?.stop();
}, 30_000);

const place = () => gateway.stack.place;
const idOf = (target: string) => of.get(target)?.id ?? "";
const told = (target: string, from = "archive") =>
  replay(
    { ...place(), environment: { ...place().environment, ...gateway.stack.environmentOf("gateway") } },
    of.get(target)?.call,
    { from },
  );
const bodies = async () => (await query(place(), "SELECT * FROM records", { json: true })).text;
const sealedVault = () => gateway.stack.environmentOf("audit")[ENV.sealedVault] ?? "";
const checked = async () => {
  const environment = { ...place().environment, ...gateway.stack.environmentOf("digester") };
  return verify({ ...place(), environment }, { sealedVault: sealedVault() });
};

test("who is neither auditor nor administrator quarantines nothing, and the attempt is recorded", async () => {
  await expect(quarantine(place(), idOf("short"), { reason: "because" }, MISSED, developer)).rejects.toThrow(
    "no policy permits you to quarantine",
  );
  const refused = await gateway.records(({ session }) => session === `quarantine-${idOf("short")}`);
  expect(refused).toMatchObject([{ type: "access.refused", outcome: "refused", decision: { kind: "deny" } }]);
});

test("what is not there is said so, and nothing is changed or recorded", async () => {
  const order = (texts: string | undefined, at?: string) =>
    quarantine(place(), idOf("other"), { reason: "a test", ...(at === undefined ? {} : { at }) }, texts, auditor);
  await expect(order("absent from it")).rejects.toThrow("find anything in the record");
  await expect(order(undefined)).rejects.toThrow("find anything in the record");
  await expect(order("abc")).rejects.toThrow('"texts" must be');
  await expect(order(undefined, "response:/result/content/7/text")).rejects.toThrow("no text or number at that place");
  await expect(order(undefined, "elsewhere")).rejects.toThrow('"at" must be a leaf');
  await expect(quarantine(place(), "0".repeat(26), { reason: "a test" }, MISSED, auditor)).rejects.toThrow(
    "no archived record",
  );
  expect(await gateway.records(({ type }) => type === "transcript.quarantined")).toEqual([]);
});

test("a quarantined record is shown newly masked by every read, and the order says who, why and what was there", async () => {
  expect(await told("short")).toContain(MISSED);
  const said = await quarantine(place(), idOf("short"), { reason: `it told "${MISSED}"` }, MISSED, auditor);
  expect(said).toMatch(/^Recorded as \w{26}; a newly masked copy stands in its place\./);
  await gateway.stack.drain();
  const [order] = await gateway.records(({ type }) => type === "transcript.quarantined");
  expect(order).toMatchObject({
    session: of.get("short")?.session,
    reason: 'it told "[QUARANTINED]"',
    decision: { kind: "allow", policies: ["auditors-audit"] },
    quarantined: { record: idOf("short") },
  });
  for (const from of ["archive", "ledger"]) {
    const story = await told("short", from);
    expect(story).toContain("[QUARANTINED]");
    expect(story).not.toContain(MISSED);
  }
  expect(await told("short")).toContain("say [QUARANTINED] twice");
  let pieces = "";
  for await (const piece of exported(place(), {
    from: "2026-01-01T00:00:00Z",
    to: "2100-01-01T00:00:00Z",
    format: "jsonl",
  }))
    pieces += piece;
  expect(pieces).toContain("say [QUARANTINED] twice");
});

test("the original opens by reveal, although masking had found nothing in it", async () => {
  expect(await reveal(place(), idOf("short"), "what was missed", auditor)).toContain(`say ${MISSED} twice`);
});

test("a body that is kept apart is masked anew too, and the object that held it no longer shows it", async () => {
  const before = of.get("long")?.response?.key ?? "";
  expect(before).toMatch(/^bodies\//);
  await quarantine(
    place(),
    idOf("long"),
    { reason: "by its place", at: "response:/result/content/0/text" },
    undefined,
    auditor,
  );
  await gateway.stack.drain();
  const story = await told("long");
  expect(story).toContain('"text":"[QUARANTINED]"');
  expect(story).not.toContain("ALTERED");
  expect(await vault(gateway.stack.environmentOf("gateway"), place().maskedVault).get(before)).not.toContain(MISSED);
  expect(await reveal(place(), idOf("long"), "what was missed", auditor)).toContain("a quiet line");
});

test("a number, a name and a short text are masked too: the number and the name wherever they stand, the short text in its place", async () => {
  const order = (texts: string | undefined, at?: string) =>
    quarantine(place(), idOf("odd"), { reason: "odd", ...(at === undefined ? {} : { at }) }, texts, auditor);
  await order(undefined, "response:/result/structuredContent/code");
  await order("horse-of-course", "response:/result/structuredContent/pin");
  await gateway.stack.drain();
  const story = await told("odd");
  expect(story).toContain(
    '"structuredContent":{"code":0,"pin":"[QUARANTINED]","[QUARANTINED]":true,"again":"it is [QUARANTINED]"}',
  );
  await expect(order(undefined, "response:/result/structuredContent/pin")).rejects.toThrow(
    "find anything in the record",
  );
});

test("where a text stands in a form that masking does not read is told, and that place can be ordered with it", async () => {
  const order = (at?: string) =>
    quarantine(place(), idOf("hidden"), { reason: "hex", ...(at === undefined ? {} : { at }) }, MISSED, auditor);
  await expect(order()).rejects.toThrow('cannot reach it, at "/result/content/0/text": nothing was changed');
  expect(await told("hidden")).toContain(HIDDEN);
  await order("response:/result/content/0/text");
  await gateway.stack.drain();
  expect(await told("hidden")).toContain('"text":"[QUARANTINED]"');
});

test("no object that a reader gets holds it any more, in either vault; the locked versions do", async () => {
  expect(await bodies()).not.toContain(MISSED);
  const { s3 } = localAws(place().environment.AWS_ENDPOINT_URL ?? "");
  for (const Bucket of [place().maskedVault, sealedVault()]) {
    const store = vault(place().environment, Bucket);
    for (const prefix of ["transcripts/", "bodies/"])
      for (const key of await store.list(prefix))
        expect({ key, shown: (await store.get(key)).includes(MISSED) }).toEqual({ key, shown: false });
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "transcripts/" }));
    expect(Versions.filter(({ IsLatest }) => !IsLatest).length).toBeGreaterThan(0);
  }
});

test("the archive still verifies, in both vaults, and says what it cannot show", async () => {
  await gateway.stack.digest(new Date(Date.now() + 3_600_000).toISOString());
  const { text, ok } = await checked();
  expect(text).toContain("what 4 quarantined records said");
  expect({ ok, text }).toMatchObject({ ok: true });
});
