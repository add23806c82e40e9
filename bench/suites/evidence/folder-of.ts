import { generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ArchiveLine, archiveObjects } from "../../../lambdas/domain/evidence/archive-object.ts";
import { digestOf, digestText, HOUR, type ManifestEntry } from "../../../lambdas/domain/evidence/digest.ts";
import { attestationText } from "../../../lambdas/domain/evidence/signing.ts";
import { hashOf } from "../../../lambdas/domain/evidence/verify/source.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";
import { newIds } from "../../../lambdas/new-ids.ts";
import { entryOf, plainBody, textOf } from "./samples.ts";

const PER_HOUR = 25_000;
const PER_OBJECT = 500;
const START = Date.parse("2026-03-04T05:00:00Z");

/** Writes a copy of a masked vault with so many records into a folder. @returns PEM of the key that signed its digests */
export async function folderOf(folder: string, records: number): Promise<string> {
  const kms = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const signed = (text: string) => sign("sha256", Buffer.from(text), kms.privateKey).toString("base64");
  const put = (key: string, text: string) => {
    const bytes = gzipSync(text, { level: 1 });
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
    return { version: "v", hash: hashOf(bytes) };
  };
  const own = generateKeyPairSync("ed25519");
  const key = {
    publicKey: own.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    openedAt: new Date(START).toISOString(),
  };
  const attested = { ...key, key: "key", attestation: signed(attestationText("gateway", key)) };
  let lines: ArchiveLine[] = [];
  let time = START;
  const writer = createWriter({
    component: "gateway",
    now: () => time,
    newId: newIds(),
    signer: {
      attested: async () => attested,
      sign: (hash) => sign(null, Buffer.from(hash, "hex"), own.privateKey).toString("base64url"),
    },
    ledger: {
      put: async ({ text, signature }) => {
        lines.push({ text, signature, sealed: {}, arrivedAt: time });
        return "written";
      },
    },
  });
  const body = plainBody(textOf(2048));
  let before: { hour: number; text: string } | undefined;
  let left = records;
  for (let hour = START; left > 0; hour += HOUR) {
    const entries: ManifestEntry[] = [];
    time = hour;
    for (let at = Math.min(left, PER_HOUR); at > 0; at -= PER_OBJECT, left -= PER_OBJECT) {
      for (let line = 0; line < PER_OBJECT; line += 1) await writer.append(entryOf(left - line, body));
      for (const { key: name, records: count, root, writers, masked } of archiveObjects(lines)) {
        const stored = put(name, masked);
        entries.push({ key: name, records: count, root, writers, masked: stored, sealed: stored });
      }
      lines = [];
    }
    const { digest, contents } = digestOf(hour, entries, before, hour + HOUR);
    put(digest.contents.key, contents);
    const text = digestText(digest);
    put(digest.key, JSON.stringify({ digest, keyId: "key", signature: signed(text) }));
    before = { hour, text };
  }
  return kms.publicKey.export({ type: "spki", format: "pem" }).toString();
}
