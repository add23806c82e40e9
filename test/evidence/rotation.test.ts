import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { evidencePlace } from "../../bin/commands/evidence-place.ts";
import { environmentSigner } from "../../lambdas/aws/environment-signer.ts";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { signingKey } from "../../lambdas/aws/signing-key.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { createDigester } from "../../lambdas/digester/digester.ts";
import {
  digestKey,
  digestOf,
  digestText,
  HOUR,
  type ManifestEntry,
  type SignedDigest,
} from "../../lambdas/domain/evidence/digest.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import { publicationText, publishedAt } from "../../lambdas/domain/evidence/published-keys.ts";
import { verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { createWriter } from "../../lambdas/domain/evidence/writer.ts";
import { newIds } from "../../lambdas/new-ids.ts";
import { localAws } from "../../local/aws.ts";
import { type Moto, startMoto } from "../../local/moto.ts";
import { createSigningKey } from "../../local/signing-key.ts";
import { archiveLines } from "../support/archive-lines.ts";
import { makeLedger } from "../support/tables.ts";
import { testKey } from "./support/archive.ts";

/*
 * One KMS key takes the place of another. The archive is one hour's of now: archiver and digester have the real clock's hour.
 */
let moto: Moto;
let before: Record<string, string>;
let after: Record<string, string>;
let start: number;
let count = 0;
beforeAll(async () => {
  moto = await startMoto();
}, 60_000);
afterAll(() => moto?.stop());

/** A deployment of its own: a ledger, vaults, and two keys. */
beforeEach(async () => {
  count += 1;
  const [ledger, masked, sealed] = ["ledger", "masked", "sealed"].map((name) => `${name}-${count}`) as [
    string,
    string,
    string,
  ];
  start = Math.floor(Date.now() / HOUR) * HOUR;
  const aws = localAws(moto.url);
  await makeLedger(aws, ledger);
  for (const Bucket of [masked, sealed]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const [old, next] = [await createSigningKey(aws), await createSigningKey(aws)];
  const places = {
    AWS_ENDPOINT_URL: moto.url,
    LEDGER_TABLE: ledger,
    MASKED_VAULT: masked,
    SEALED_VAULT: sealed,
  };
  before = { ...places, SIGNING_KEY_ARN: old };
  after = { ...places, SIGNING_KEY_ARN: next, FORMER_SIGNING_KEY_ARNS: JSON.stringify([old]) };
}, 60_000);
const maskedVault = () => vault(before, before.MASKED_VAULT ?? "");

/** The hour that a test begins in, and those after it. */
const hour = (number: number) => start + number * HOUR;

/** An environment that writes, its own key attested by the signing key that it was told. */
function openWriter(environment: Record<string, string>) {
  const lines: Line[] = [];
  const put = async (line: Line) => {
    lines.push(line);
    return "written" as const;
  };
  const signer = environmentSigner(environment, "gateway");
  const writer = createWriter({ ledger: { put }, component: "gateway", signer, now: Date.now, newId: newIds() });
  return {
    /** Appends records and archives them, in an hour. */
    async write(count: number, at = Date.now()): Promise<void> {
      const occurredAt = new Date().toISOString();
      for (let number = 0; number < count; number += 1)
        await writer.append({ type: "call.received", occurredAt, session: "s", outcome: "received" });
      await archiveLines(environment, lines.splice(0), at);
    },
  };
}

/** The run that is due when an hour is over. */
const sealed = (environment: Record<string, string>, number: number) =>
  createDigester(environment, () => hour(number + 1) + 300_000)({}, {} as Context);
const signedBy = async (number: number) =>
  (JSON.parse(await maskedVault().get(digestKey(hour(number)))) as SignedDigest).keyId;

/** A digest that the digester did not write, laid where its own would lie. */
async function forge(
  number: number,
  sign: (text: string) => string | Promise<string>,
  entries: readonly ManifestEntry[] = [],
): Promise<void> {
  const masked = maskedVault();
  const { digest, contents } = digestOf(hour(number), entries, undefined, hour(number + 1));
  await masked.put(digest.contents.key, contents);
  await masked.put(digest.key, JSON.stringify({ digest, keyId: "planted", signature: await sign(digestText(digest)) }));
}

/** A key that somebody publishes in its own place, as the digester publishes its own. */
async function plant(validFrom: number) {
  const planted = testKey();
  const said = { publicKey: planted.pem, validFrom: new Date(validFrom).toISOString() };
  const signature = planted.sign(publicationText(said));
  await maskedVault().put(publishedAt(planted.pem), JSON.stringify({ keyId: "planted", ...said, signature }));
  return planted;
}

describe("after the signing key was replaced", () => {
  test("the hours before and after it are found as they were signed, each by the key of its time", async () => {
    const [old, next] = [openWriter(before), openWriter(after)];
    await old.write(3);
    expect(await sealed(before, 0)).toEqual({ hours: 1, findings: [] });
    // An environment of before the rotation goes on for a while, under the word of the key of then.
    await old.write(2, hour(1) + 60_000);
    await next.write(3, hour(1) + 120_000);
    expect(await sealed(after, 1)).toEqual({ hours: 1, findings: [] });
    await next.write(1, hour(2) + 60_000);
    expect(await sealed(after, 2)).toEqual({ hours: 1, findings: [] });
    expect(await Promise.all([0, 1, 2].map(signedBy))).toEqual([
      before.SIGNING_KEY_ARN,
      after.SIGNING_KEY_ARN,
      after.SIGNING_KEY_ARN,
    ]);

    const { masked, keys, validFrom } = await evidencePlace(
      { environment: before, maskedVault: before.MASKED_VAULT ?? "", url: "" },
      {},
    );
    expect([...validFrom.values()].sort()).toEqual([hour(0), hour(1)]);
    const options = { masked, sealed: null, keys, validFrom, from: null, until: hour(3) };
    expect(await verifyEvidence(options)).toMatchObject({ findings: [], counts: { digests: { ok: 3 } } });
  });

  test("hours that were missed before it are sealed by the new key, and no alarm is raised", async () => {
    await openWriter(before).write(2);
    await sealed(before, 0);
    expect(await sealed(after, 4)).toEqual({ hours: 4, findings: [] });
  });

  test("a key that the deployment does not name is not trusted for lying in the vault", async () => {
    await openWriter(before).write(2);
    await sealed(before, 0);
    const { FORMER_SIGNING_KEY_ARNS: _, ...forgetful } = after;
    const { findings } = (await sealed(forgetful, 1)) ?? {};
    expect(findings).toContainEqual(
      expect.objectContaining({
        outcome: "bad-signature",
        what: digestKey(hour(0)),
        why: expect.stringContaining("no key"),
      }),
    );
  });

  test("the old key signs no hour of the new one's time", async () => {
    await sealed(before, 0);
    await sealed(after, 1);
    await forge(2, signingKey(before).sign);
    const { findings } = (await sealed(after, 2)) ?? {};
    expect(findings).toMatchObject([
      { outcome: "bad-signature", what: digestKey(hour(2)), why: "the key that signed it was replaced by then" },
    ]);
  });

  test("what the old key lists in an hour of the new one's is sealed by the next digest all the same", async () => {
    await sealed(before, 0);
    await sealed(after, 1);
    await openWriter(after).write(2, hour(2) + 60_000);
    const { entries } = await manifest(after).of(hour(2));
    await forge(2, signingKey(before).sign, entries);
    await sealed(after, 2);
    await sealed(after, 3);
    const { digest } = JSON.parse(await maskedVault().get(digestKey(hour(3)))) as SignedDigest;
    expect(digest).toMatchObject({ objects: 1, records: 3, previous: null });
  });
});

describe("a digest that somebody planted, under a key that they published", () => {
  test("is named, although the key lies where the digester's own would", async () => {
    await openWriter(before).write(2);
    await sealed(before, 0);
    const { sign } = await plant(hour(0));
    await forge(1, sign);
    const run = await sealed(after, 1);
    expect(run?.findings).toContainEqual({
      kind: "digests",
      outcome: "bad-signature",
      what: digestKey(hour(1)),
      why: "no key that is trusted has signed it",
    });
  });

  test("does not say what is sealed already: the next one lists it all, and begins the chain anew", async () => {
    await sealed(before, 0);
    await openWriter(before).write(2, hour(1));
    const { sign } = await plant(hour(0));
    await forge(1, sign);
    await sealed(before, 1);
    expect((await sealed(before, 2))?.findings).not.toEqual([]);
    const { digest } = JSON.parse(await maskedVault().get(digestKey(hour(2)))) as SignedDigest;
    expect(digest).toMatchObject({ objects: 1, records: 3, previous: null });
    expect(await sealed(before, 3), "what was planted is told, and does not come again for ever").toMatchObject({
      findings: [],
    });
  });

  test("is named at once when it lies there before the digester comes", async () => {
    await sealed(before, 0);
    const { sign } = await plant(hour(0));
    await forge(1, sign);
    expect(await sealed(before, 1)).toMatchObject({ hours: 0, findings: [{ outcome: "bad-signature" }] });
  });

  test("of an hour to come keeps no hour from being sealed", async () => {
    await sealed(before, 0);
    const { sign } = await plant(hour(0));
    await forge(9, sign);
    expect(await sealed(before, 1)).toEqual({ hours: 1, findings: [] });
    expect(await sealed(before, 2)).toEqual({ hours: 1, findings: [] });
  });
});

test("where something else was put in the place of a key, nothing under that key is called sound", async () => {
  await maskedVault().put(
    publishedAt(await signingKey(before).publicKey()),
    '{"validFrom":"2020-01-01T00:00:00.000Z"}',
  );
  expect((await sealed(before, 0))?.findings).toMatchObject([{ outcome: "bad-signature", what: digestKey(hour(0)) }]);
});

describe("a digest that somebody planted without any key", () => {
  test("copied from another hour to the running one's place takes no hour out of the seal", async () => {
    await sealed(before, 0);
    await openWriter(before).write(2, hour(1) + 60_000);
    await maskedVault().put(digestKey(hour(2)), await maskedVault().get(digestKey(hour(0))));
    expect(await sealed(before, 1)).toEqual({ hours: 1, findings: [] });
    await openWriter(before).write(1, hour(2) + 60_000);
    expect(await sealed(before, 2)).toMatchObject({
      hours: 0,
      findings: [{ outcome: "moved", what: digestKey(hour(2)) }],
    });
    await sealed(before, 3);
    const sealedIn = async (number: number) =>
      (JSON.parse(await maskedVault().get(digestKey(hour(number)))) as SignedDigest).digest;
    expect(await sealedIn(1)).toMatchObject({ objects: 1, records: 3 });
    expect(await sealedIn(3), "all of a week, for the copy says nothing").toMatchObject({ objects: 2, previous: null });
    expect(await sealed(before, 4)).toEqual({ hours: 1, findings: [] });
  });

  test("copied to an hour that the digester missed has that hour's objects sealed by the next one", async () => {
    await sealed(before, 0);
    await openWriter(before).write(2, hour(1) + 60_000);
    await maskedVault().put(digestKey(hour(2)), await maskedVault().get(digestKey(hour(0))));
    await sealed(before, 3);
    const { digest } = JSON.parse(await maskedVault().get(digestKey(hour(3)))) as SignedDigest;
    expect(digest).toMatchObject({ objects: 1, records: 3, previous: null });
  });

  test("with nothing in it is named, and the hours after it are sealed", async () => {
    await sealed(before, 0);
    await maskedVault().put(digestKey(hour(1)), '{"digest":null,"signature":"x"}');
    expect(await sealed(before, 1)).toMatchObject({
      hours: 0,
      findings: [{ outcome: "altered", what: digestKey(hour(1)) }],
    });
    expect(await sealed(before, 2)).toMatchObject({ hours: 1 });
    expect(await sealed(before, 3)).toEqual({ hours: 1, findings: [] });
  });
});
