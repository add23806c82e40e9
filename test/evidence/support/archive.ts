import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { gzipSync } from "node:zlib";
import { encodeTime } from "ulid";
import { seededRandom } from "../../../bench/measure.ts";
import { type ArchiveLine, archiveObjects } from "../../../lambdas/domain/evidence/archive-object.ts";
import { keepBody } from "../../../lambdas/domain/evidence/body.ts";
import {
  digestOf,
  digestText,
  HOUR,
  type ManifestEntry,
  type SignedDigest,
} from "../../../lambdas/domain/evidence/digest.ts";
import type { RecordEntry } from "../../../lambdas/domain/evidence/record.ts";
import { attestationText, type Signer } from "../../../lambdas/domain/evidence/signing.ts";
import { hashOf, type Source } from "../../../lambdas/domain/evidence/verify/source.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";

/** When the first record of an archive was made. */
export const START = Date.parse("2026-03-04T05:00:00Z");

/** The objects of a vault, by key. */
export type Objects = Map<string, Buffer>;

/** A signing key as KMS would hold it. */
export interface TestKey {
  readonly pem: string;
  readonly publicKey: KeyObject;
  readonly sign: (text: string) => string;
}

export function testKey(namedCurve = "prime256v1"): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  return {
    publicKey,
    pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    sign: (text) => sign("sha256", Buffer.from(text), privateKey).toString("base64"),
  };
}

/** An environment's own key, attested by a signing key. */
export function testSigner(key: TestKey, component = "gateway", openedAt = START): Signer {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const own = { publicKey, openedAt: new Date(openedAt).toISOString() };
  const attested = { ...own, key: "key/test", attestation: key.sign(attestationText(component, own)) };
  return {
    attested: async () => attested,
    sign: (hash) => sign(null, Buffer.from(hash, "hex"), pair.privateKey).toString("base64url"),
  };
}

export interface ArchivePlan {
  readonly seed: number;
  readonly hours: number;
  readonly recordsPerHour: number;
  readonly perObject: number;
  /** Environments that write, each with its own key. */
  readonly writers: number;
  /** Bytes of a record's body. */
  readonly bodyBytes: number;
  /** Share of the records before which the clock jumps back by a minute. */
  readonly jumpsBack: number;
}

const PLAN: ArchivePlan = {
  seed: 1,
  hours: 4,
  recordsPerHour: 24,
  perObject: 7,
  writers: 3,
  bodyBytes: 60,
  jumpsBack: 0,
};

export interface Archive {
  readonly key: TestKey;
  readonly masked: Objects;
  readonly sealed: Objects;
  readonly recordIds: readonly string[];
  /** End of the last hour that is sealed. */
  readonly until: number;
}

/** An archive as archiver and digester write it: real keys, real chains, arrivals out of order, some bodies apart. */
export async function makeArchive(plan: Partial<ArchivePlan> = {}): Promise<Archive> {
  const { seed, hours, recordsPerHour, perObject, writers, bodyBytes, jumpsBack } = { ...PLAN, ...plan };
  const key = testKey();
  const random = seededRandom(seed);
  const [masked, sealed]: [Objects, Objects] = [new Map(), new Map()];
  let [time, count] = [START, 0];
  let arrived: ArchiveLine[] = [];
  const put = (vault: Objects, name: string, text: string) => {
    const bytes = gzipSync(text);
    vault.set(name, bytes);
    return { version: `v-${name.slice(-8)}`, hash: hashOf(bytes) };
  };
  const bodies = {
    put: async (name: string, maskedText: string, sealedText: string | null) => {
      put(masked, name, maskedText);
      if (sealedText !== null) put(sealed, name, sealedText);
    },
  };
  const newId = (at: number) => encodeTime(at, 10) + String(count++).padStart(16, "0");
  const ids: string[] = [];
  const lanes = Array.from({ length: writers }, () =>
    createWriter({
      component: "gateway",
      signer: testSigner(key),
      now: () => (time += random() < jumpsBack ? -60_000 : 7),
      newId,
      ledger: {
        put: async ({ text, signature, sealed: seals, record }) => {
          ids.push(record.id);
          arrived.push({ text, signature, sealed: seals, arrivedAt: time });
          return "written";
        },
      },
    }),
  );

  let before: { hour: number; text: string } | undefined;
  for (let hour = START; hour < START + hours * HOUR; hour += HOUR) {
    time = Math.max(time, hour);
    for (let record = 0; record < recordsPerHour; record += 1) {
      const large = record === 0;
      const original = `{"n":${record},"text":"${"x".repeat(large ? 20_000 : bodyBytes)}"}`;
      const kept = await keepBody(
        { original, masked: large ? original.replace('"n"', '"[N]"') : original, findings: [] },
        { call: `call-${ids.length}`, part: "request" },
        async () => ({ plain: new Uint8Array(32), wrapped: "d3JhcHBlZA==" }),
        bodies,
      );
      await lanes[Math.floor(random() * writers)]?.append(entryOf(ids.length, kept.body));
    }
    // The stream keeps order within a session alone, and may deliver twice.
    arrived.sort(() => random() - 0.5);
    const again = arrived.slice(0, 1);
    const entries: ManifestEntry[] = [];
    for (const batch of [...chunks(arrived, perObject), again]) {
      const lines = batch.map((line) => ({ ...line, arrivedAt: Math.max(line.arrivedAt, hour) }));
      for (const { key: name, records, root, writers: ranges, ...texts } of archiveObjects(lines)) {
        const stored = { masked: put(masked, name, texts.masked), sealed: put(sealed, name, texts.sealed) };
        entries.push({ key: name, records, root, writers: ranges, ...stored });
      }
    }
    arrived = [];
    const { digest, contents } = digestOf(hour, entries, before, hour + HOUR + 300_000);
    const text = digestText(digest);
    put(masked, digest.contents.key, contents);
    put(
      masked,
      digest.key,
      JSON.stringify({ digest, keyId: "key/test", signature: key.sign(text) } satisfies SignedDigest),
    );
    before = { hour, text };
  }
  return { key, masked, sealed, recordIds: ids, until: START + hours * HOUR };
}

const entryOf = (number: number, request: RecordEntry["request"]): RecordEntry => ({
  type: "call.received",
  occurredAt: new Date(START).toISOString(),
  session: `s${number % 5}`,
  call: `call-${number}`,
  outcome: "received",
  ...(request === undefined ? {} : { request }),
});

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** Objects as verifying reads them. */
export const sourceOf = (objects: ReadonlyMap<string, Buffer>): Source => ({
  async *list() {
    yield* objects.keys();
  },
  read: async (key) => objects.get(key),
});
