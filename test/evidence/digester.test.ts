import { gunzipSync, gzipSync } from "node:zlib";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evidencePlace } from "../../bin/commands/evidence-place.ts";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { environmentSigner } from "../../lambdas/aws/environment-signer.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { signingKey } from "../../lambdas/aws/signing-key.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { createDigester } from "../../lambdas/digester/digester.ts";
import { sealHour } from "../../lambdas/digester/seal-hour.ts";
import {
  type DigestContents,
  digestKey,
  digestText,
  HOUR,
  type SignedDigest,
} from "../../lambdas/domain/evidence/digest.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import { hashOf } from "../../lambdas/domain/evidence/verify/source.ts";
import { verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { createWriter } from "../../lambdas/domain/evidence/writer.ts";
import { sha256Hex } from "../../lambdas/domain/json/canonical.ts";
import { newIds } from "../../lambdas/new-ids.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { createSigningKey } from "../../local/signing-key.ts";
import { streamOf } from "../support/archive-lines.ts";
import { makeLedger } from "../support/tables.ts";

let moto: Moto;
let environment: Record<string, string>;
let aws: ReturnType<typeof localAws>;
beforeAll(async () => {
  moto = await startMoto();
  aws = localAws(moto.url);
  await makeLedger(aws);
  for (const Bucket of ["masked", "sealed"]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  environment = {
    AWS_ENDPOINT_URL: moto.url,
    LEDGER_TABLE: "ledger",
    MASKED_VAULT: "masked",
    SEALED_VAULT: "sealed",
    SIGNING_KEY_ARN: await createSigningKey(aws),
  };
}, 60_000);
afterAll(() => moto?.stop());

/** A moment well inside an hour, so that the tests' hours are the same however late it is. */
const hour = (number: number) => Date.parse("2026-03-04T05:00:00Z") + number * HOUR;
const context = {} as Context;

/** A writer's lines, as the stream hands them to the archiver. */
async function archiveAt(count: number) {
  const lines: Line[] = [];
  const put = async (line: Line) => {
    lines.push(line);
    return "written" as const;
  };
  const signer = environmentSigner(environment, "gateway");
  const writer = createWriter({ ledger: { put }, component: "gateway", signer, now: Date.now, newId: newIds() });
  const entry = {
    type: "call.received",
    occurredAt: new Date().toISOString(),
    session: "s",
    outcome: "received",
  } as const;
  for (let at = 0; at < count; at += 1) await writer.append(entry);
  return streamOf(lines);
}
const archive = async (event: Awaited<ReturnType<typeof archiveAt>>) =>
  createArchiver(environment)(event as never, context);
const digestAt = (clock: number) => createDigester(environment, () => clock)({}, context);
const read = async (at: number): Promise<SignedDigest> =>
  JSON.parse(await vault(environment, "masked").get(digestKey(at)));
const contentsOf = async ({ digest }: SignedDigest): Promise<DigestContents> =>
  JSON.parse(await vault(environment, "masked").get(digest.contents.key));
const nowHour = () => Math.floor(Date.now() / HOUR) * HOUR;

describe("the digester", () => {
  test("seals what the archiver noted, in both vaults, and signs it with a key that is published", async () => {
    const event = await archiveAt(5);
    await archive(event);
    await archive(event);
    const start = nowHour();
    await digestAt(start + HOUR + 300_000);
    const signed = await read(start);
    expect(signed.digest).toMatchObject({ objects: 1, records: 6, writers: 1, previous: null });
    const [object] = (await contentsOf(signed)).objects;
    for (const place of ["masked", "sealed"] as const) {
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: place, Key: object?.key }));
      const bytes = await Body?.transformToByteArray();
      expect(hashOf(bytes ?? Buffer.alloc(0))).toBe(object?.[place].hash);
    }
    const { masked, sealed, keys } = await evidencePlace(
      { environment, maskedVault: "masked", url: "" },
      { sealedVault: "sealed" },
    );
    const verdict = await verifyEvidence({ masked, sealed, keys, from: null, until: start + HOUR });
    expect(verdict.findings).toEqual([]);
    expect(verdict.counts.objects.ok).toBe(2);
  });

  test("run again, or twice at once, writes the same chain", async () => {
    const start = nowHour();
    const before = JSON.stringify(await read(start));
    await Promise.all([digestAt(start + HOUR + 300_000), digestAt(start + HOUR + 400_000)]);
    expect(JSON.stringify(await read(start))).toBe(before);
    await archive(await archiveAt(2));
    await Promise.all([1, 2, 3].map((at) => digestAt(start + 2 * HOUR + at * 1000)));
    const next = await read(start + HOUR);
    expect(next.digest.previous).toEqual({
      hour: new Date(start).toISOString(),
      hash: sha256Hex(digestText((await read(start)).digest)),
    });
    expect(next.digest, "what came after the last digest").toMatchObject({ objects: 1, records: 3 });
  });

  test("catches up hour by hour with what was missed, empty hours too", async () => {
    const start = nowHour();
    expect(await digestAt(start + 6 * HOUR)).toEqual({ hours: 4, findings: [] });
    expect(await digestAt(start + 6 * HOUR)).toEqual({ hours: 0, findings: [] });
    for (let at = 2; at < 6; at += 1)
      expect((await read(start + at * HOUR)).digest).toMatchObject({ objects: 0, records: 0 });
    const { masked, keys } = await evidencePlace({ environment, maskedVault: "masked", url: "" }, {});
    const verdict = await verifyEvidence({ masked, sealed: null, keys, from: null, until: start + 6 * HOUR });
    expect(verdict).toMatchObject({ ok: true, counts: { digests: { ok: 6 }, records: { ok: 9 } } });
  });

  test("refuses a tick of another time", async () => {
    const digester = createDigester(environment, () => hour(0));
    await expect(digester({ time: new Date(hour(2)).toISOString() }, context)).rejects.toThrow("is not of this time");
    await expect(digester({ time: "soon" }, context)).rejects.toThrow("is not of this time");
  });
});

test("an object whose archiver died before it was noted is sealed, and one that was only begun is not", async () => {
  const entry = { records: 1, root: "r", writers: [] };
  const [written, begun] = ["transcripts/written", "transcripts/begun"];
  const noted = manifest(environment);
  for (const key of [written, begun]) await noted.begin({ ...entry, key }, hour(20));
  const [masked, sealed] = [vault(environment, "masked"), vault(environment, "sealed")];
  await sealed.put(begun, "half of it");
  const stored = { sealed: await sealed.put(written, "sealed"), masked: await masked.put(written, "masked") };
  const key = signingKey(environment);
  const sealing = {
    vault: masked,
    sealed,
    manifest: noted,
    key,
    trust: { keys: [], validFrom: new Map() },
    now: () => hour(21),
  };
  await sealHour(hour(20), undefined, sealing);
  const { objects } = await contentsOf(await read(hour(20)));
  expect(objects).toEqual([{ key: written, records: 1, root: "r", ...stored }]);
});

test("the manifest takes an object once in an hour, and forgets none", async () => {
  const noted = manifest(environment);
  const stored = { version: "v", hash: "h" };
  const entry = { key: "transcripts/x", records: 1, root: "r", masked: stored, sealed: stored, writers: [] };
  for (const at of [hour(1), hour(1) + 5, hour(2)]) await noted.note(entry, at);
  expect(await noted.of(hour(1) + 1000)).toEqual({ entries: [entry], begun: [] });
  expect(await noted.of(hour(2))).toEqual({ entries: [entry], begun: [] });
  await aws.dynamoDb.send(new PutItemCommand({ TableName: "ledger", Item: { pk: { S: "s#1" }, sk: { S: "x" } } }));
  expect(await noted.of(hour(3))).toEqual({ entries: [], begun: [] });
});

test("an object that was changed behind the digester's back is found by its next run, and by any verification", async () => {
  const masked = vault(environment, "masked");
  const [key = ""] = await masked.list("transcripts/");
  const bytes = gunzipSync((await masked.read(key)) ?? "");
  const Body = gzipSync(bytes.toString().replace('"outcome":"received"', '"outcome":"denied"'));
  await aws.s3.send(new PutObjectCommand({ Bucket: "masked", Key: key, Body }));
  // Archived again by a redrive, it is sealed as it was meant to be, and checked: here by the run of a later hour.
  const noted = (await contentsOf(await read(nowHour()))).objects.find((object) => object.key === key);
  if (noted) await manifest(environment).note({ ...noted, writers: [] }, nowHour() + 7 * HOUR);
  const run = await digestAt(nowHour() + 8 * HOUR);
  expect(run?.findings).toContainEqual(expect.objectContaining({ kind: "objects", outcome: "altered", what: key }));

  const { masked: source, keys } = await evidencePlace({ environment, maskedVault: "masked", url: "" }, {});
  const verdict = await verifyEvidence({ masked: source, sealed: null, keys, from: null, until: null });
  expect(verdict.findings).toContainEqual(expect.objectContaining({ outcome: "altered", what: key }));
});
