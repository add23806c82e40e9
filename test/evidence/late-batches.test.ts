import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evidencePlace } from "../../bin/commands/evidence-place.ts";
import { createArchiver } from "../../lambdas/archiver/archiver.ts";
import { findSealed } from "../../lambdas/audit/find-sealed.ts";
import { environmentSigner } from "../../lambdas/aws/environment-signer.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { createDigester } from "../../lambdas/digester/digester.ts";
import { partitionOf } from "../../lambdas/domain/evidence/archive-object.ts";
import { HOUR, hourOf } from "../../lambdas/domain/evidence/digest.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import { verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { createWriter } from "../../lambdas/domain/evidence/writer.ts";
import { newIds } from "../../lambdas/new-ids.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { createSigningKey } from "../../local/signing-key.ts";
import { streamOf } from "../support/archive-lines.ts";
import { makeLedger } from "../support/tables.ts";

/*
 * What an archiver is given that was behind for hours: batches of the stream that begin in one hour and end in another.
 */
let moto: Moto;
let environment: Record<string, string>;
beforeAll(async () => {
  moto = await startMoto();
  const aws = localAws(moto.url);
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

const NOW = hourOf(Date.now());
const HOURS = [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR];
const context = {} as Context;

/** A lane's records, the one that opens it and one for each time, each with the change by which the stream tells it. */
async function lane(hours = HOURS) {
  const lines: Line[] = [];
  const put = async (line: Line) => {
    lines.push(line);
    return "written" as const;
  };
  let time = hours[0] ?? 0;
  const writer = createWriter({
    ledger: { put },
    component: "gateway",
    signer: environmentSigner(environment, "gateway"),
    now: () => time,
    newId: newIds(),
  });
  for (const hour of hours) {
    time = hour + 60_000;
    const occurredAt = new Date(time).toISOString();
    await writer.append({ type: "call.received", occurredAt, session: "s", outcome: "received" });
  }
  const changes = lines.flatMap((line) => streamOf([line], Date.parse(line.record.recordedAt)).Records);
  return { ids: lines.map(({ record }) => record.id), changes };
}

const archive = (Records: readonly object[], broken: Record<string, string> = {}) =>
  createArchiver({ ...environment, ...broken })({ Records } as never, context);

test("a batch over hours that fails and comes again in other pieces lies under the hours of its records, sealed, and nothing is lost", async () => {
  const { ids, changes } = await lane();
  await expect(archive(changes, { MASKED_VAULT: "absent" })).rejects.toMatchObject({ code: "evidence_unavailable" });
  await archive(changes.slice(0, 3));
  await archive(changes.slice(2));
  await archive(changes.slice(2));

  const masked = vault(environment, "masked");
  expect(await masked.folders("transcripts/")).toEqual(
    [...new Set(HOURS.map((hour) => partitionOf(hour).replace(/hh=.*/, "")))].sort(),
  );
  const under = await Promise.all(HOURS.map((hour) => masked.list(partitionOf(hour))));
  // The record that both pieces hold makes no second object: it is the same one in the same hour.
  expect(under.map((keys) => keys.length)).toEqual([1, 1, 1]);
  // The hour may turn while the test runs.
  const noted = await Promise.all([NOW, NOW + HOUR].map((hour) => manifest(environment).of(hour)));
  expect(new Set(noted.flatMap(({ entries }) => entries.map(({ key }) => key)))).toEqual(new Set(under.flat()));
  for (const id of ids) expect((await findSealed(vault(environment, "sealed"), id))?.record.id).toBe(id);

  await createDigester(environment, () => NOW + 2 * HOUR + 300_000)({}, context);
  const place = { environment, maskedVault: "masked", url: "" };
  const { masked: source, sealed, keys } = await evidencePlace(place, { sealedVault: "sealed" });
  const verdict = await verifyEvidence({ masked: source, sealed, keys, from: null, until: NOW + 2 * HOUR });
  expect(verdict.findings).toEqual([]);
  expect(verdict.counts.objects.ok).toBe(6);
});

test("a record that was told weeks after what happened is found by its id among the days that the archive has", async () => {
  const happened = NOW - 40 * 24 * HOUR;
  const { ids, changes } = await lane([happened, happened + 1, happened + 2]);
  const dynamodb = { ApproximateCreationDateTime: (NOW - 5 * 24 * HOUR) / 1000 };
  await archive(changes.map((change) => ({ ...change, dynamodb: { ...change.dynamodb, ...dynamodb } })));
  const sealed = vault(environment, "sealed");
  for (const id of ids) expect((await findSealed(sealed, id))?.record.id).toBe(id);
  expect(await findSealed(sealed, "0".repeat(26))).toBeUndefined();
});
