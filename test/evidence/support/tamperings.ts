import { gunzipSync, gzipSync } from "node:zlib";
import { archiveObjects } from "../../../lambdas/domain/evidence/archive-object.ts";
import {
  type Digest,
  type DigestContents,
  digestKey,
  digestText,
  HOUR,
  objectLeaf,
  type SignedDigest,
} from "../../../lambdas/domain/evidence/digest.ts";
import type { Line } from "../../../lambdas/domain/evidence/line.ts";
import { treeHash } from "../../../lambdas/domain/evidence/merkle.ts";
import { hashOf } from "../../../lambdas/domain/evidence/verify/source.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";
import { sha256Hex } from "../../../lambdas/domain/json/canonical.ts";
import { type Archive, type Objects, START, type TestKey, testKey, testSigner } from "./archive.ts";

/** Draws from what is there, the same in every run with the same seed. */
export interface Draw {
  below(count: number): number;
  of<T>(items: readonly T[]): T;
}

export const drawFrom = (random: () => number): Draw => {
  const below = (count: number) => Math.floor(random() * count);
  return {
    below,
    of: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("nothing to draw from");
      return item;
    },
  };
};

/** Changes the copy. @returns what verifying has to name: a part of a finding's `what` */
export type Tampering = (copy: Archive, draw: Draw) => string | Promise<string>;

const under = (objects: Objects, prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
const textOf = (objects: Objects, key: string) => gunzipSync(objects.get(key) ?? "").toString();
const linesOf = (objects: Objects, key: string) => textOf(objects, key).trimEnd().split("\n");
const writeLines = (objects: Objects, key: string, lines: readonly string[]) =>
  objects.set(key, gzipSync(lines.map((line) => `${line}\n`).join("")));
const hourOf = (key: string) => key.replace(/^[a-z]+\/(dt=[^/]+\/hh=\d+)\/.*$/, "$1");

/** Either vault, and an object of its transcripts. */
const anyObject = ({ masked, sealed }: Archive, draw: Draw) => {
  const objects = draw.of([masked, sealed]);
  return { objects, key: draw.of(under(objects, "transcripts/")) };
};

/** A key that signs what comes after the archive. */
export const LATER_KEY = testKey();

function rewritten({ masked }: Archive, draw: Draw, signer: TestKey): string {
  const key = digestKey(START + draw.below(4) * HOUR);
  const signed = JSON.parse(textOf(masked, key)) as SignedDigest;
  const contents = JSON.parse(textOf(masked, signed.digest.contents.key)) as DigestContents;
  const objects = contents.objects.slice(1);
  masked.delete(contents.objects[0]?.key ?? "");
  const text = JSON.stringify({ ...contents, objects });
  const digest: Digest = {
    ...signed.digest,
    contents: { ...signed.digest.contents, hash: sha256Hex(text) },
    root: treeHash(objects.map(objectLeaf)),
  };
  masked.set(signed.digest.contents.key, gzipSync(text));
  masked.set(key, gzipSync(JSON.stringify({ ...signed, digest, signature: signer.sign(digestText(digest)) })));
  return key;
}

export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  "flips one byte of an object"(copy, draw) {
    const { objects, key } = anyObject(copy, draw);
    const bytes = Buffer.from(objects.get(key) ?? "");
    const at = draw.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << draw.below(8));
    objects.set(key, bytes);
    return key;
  },
  "edits a record"({ masked }, draw) {
    const key = draw.of(under(masked, "transcripts/"));
    const lines = linesOf(masked, key);
    const at = draw.below(lines.length);
    const [from, to] = draw.of([
      ["gateway", "gatewey"],
      ['"v":1', '"v":2'],
      ['"recordedAt":"2026', '"recordedAt":"2025'],
    ] as const);
    writeLines(masked, key, lines.with(at, lines[at]?.replace(from, to) ?? ""));
    return key;
  },
  "takes a record out"({ masked }, draw) {
    const key = draw.of(under(masked, "transcripts/"));
    const lines = linesOf(masked, key);
    writeLines(masked, key, lines.toSpliced(draw.below(lines.length), 1));
    return key;
  },
  "turns two records round"({ masked }, draw) {
    const key = draw.of(under(masked, "transcripts/").filter((name) => linesOf(masked, name).length > 1));
    const lines = linesOf(masked, key);
    const at = draw.below(lines.length - 1);
    writeLines(masked, key, lines.toSpliced(at, 2, lines[at + 1] ?? "", lines[at] ?? ""));
    return key;
  },
  "replaces a signature"({ masked }, draw) {
    const key = draw.of(under(masked, "transcripts/"));
    const lines = linesOf(masked, key);
    const at = draw.below(lines.length);
    writeLines(
      masked,
      key,
      lines.with(at, lines[at]?.replace(/"signature":"[^"]{86}"\}$/, `"signature":"${"A".repeat(86)}"}`) ?? ""),
    );
    return key;
  },
  "deletes an object"(copy, draw) {
    const { objects, key } = anyObject(copy, draw);
    objects.delete(key);
    return key;
  },
  "swaps two objects"(copy, draw) {
    const { objects, key } = anyObject(copy, draw);
    const other = draw.of(under(objects, "transcripts/").filter((name) => name !== key));
    const [one, two] = [objects.get(key), objects.get(other)];
    if (one && two) objects.set(key, two).set(other, one);
    return key;
  },
  "replays what another object held before"(copy, draw) {
    const { objects, key } = anyObject(copy, draw);
    const other = draw.of(under(objects, "transcripts/").filter((name) => name !== key));
    objects.set(key, objects.get(other) ?? Buffer.alloc(0));
    return key;
  },
  "cuts an object short"(copy, draw) {
    const { objects, key } = anyObject(copy, draw);
    const bytes = objects.get(key) ?? Buffer.alloc(0);
    objects.set(key, bytes.subarray(0, draw.below(bytes.length)));
    return key;
  },
  "moves an object to another hour"({ masked }, draw) {
    const key = draw.of(under(masked, "transcripts/"));
    const elsewhere = key.replace(/hh=\d+/, "hh=23");
    masked.set(elsewhere, masked.get(key) ?? Buffer.alloc(0)).delete(key);
    return key;
  },
  "drops a whole hour"({ masked, sealed }, draw) {
    const hour = hourOf(draw.of(under(masked, "digests/")));
    for (const objects of [masked, sealed])
      for (const key of [...objects.keys()]) if (hourOf(key) === hour) objects.delete(key);
    return `digests/${hour}`;
  },
  "cuts the tail"({ masked, sealed }, draw) {
    const hours = [...new Set(under(masked, "digests/").map(hourOf))];
    const first = draw.below(hours.length);
    for (const objects of [masked, sealed])
      for (const key of [...objects.keys()]) if (hours.indexOf(hourOf(key)) >= first) objects.delete(key);
    return `digests/${hours[hours.length - 1]}`;
  },
  "deletes a digest"({ masked }, draw) {
    const key = digestKey(START + draw.below(4) * HOUR);
    masked.delete(key);
    return key;
  },
  "puts another hour's digest in its place"({ masked }, draw) {
    const [hour, other] = draw.of([
      [0, 1],
      [1, 0],
      [2, 1],
      [3, 0],
    ] as const);
    masked.set(digestKey(START + hour * HOUR), masked.get(digestKey(START + other * HOUR)) ?? Buffer.alloc(0));
    return digestKey(START + hour * HOUR);
  },
  "edits a digest and keeps its signature"({ masked }, draw) {
    const key = digestKey(START + draw.below(4) * HOUR);
    const signed = JSON.parse(textOf(masked, key)) as SignedDigest;
    const change = draw.of([
      { records: signed.digest.records - 1 },
      { root: "0".repeat(64) },
      { previous: null, v: 2 },
      { writtenAt: "2020" },
    ]);
    masked.set(key, gzipSync(JSON.stringify({ ...signed, digest: { ...signed.digest, ...change } })));
    return key;
  },
  "rewrites an hour whole, and signs it with a key of its own": (copy, draw) => rewritten(copy, draw, testKey()),
  "rewrites an hour whole, and signs it with a key that is trusted from a later hour on": (copy, draw) =>
    rewritten(copy, draw, LATER_KEY),
  "edits the list of a digest"({ masked }, draw) {
    const { digest } = JSON.parse(textOf(masked, digestKey(START + draw.below(4) * HOUR))) as SignedDigest;
    const { key } = digest.contents;
    masked.set(key, gzipSync(textOf(masked, key).replace(/"records":\d+/, '"records":99')));
    return key;
  },
  "deletes the list of a digest"({ masked }, draw) {
    const key = draw.of(under(masked, "digests/").filter((name) => name.includes("contents")));
    masked.delete(key);
    return key;
  },
  "changes a body that is kept apart"(copy, draw) {
    const objects = draw.of([copy.masked, copy.sealed]);
    const key = draw.of(under(objects, "bodies/"));
    objects.set(key, gzipSync(`${textOf(objects, key)} `));
    return key;
  },
  "deletes a body that is kept apart"(copy, draw) {
    const objects = draw.of([copy.masked, copy.sealed]);
    const key = draw.of(under(objects, "bodies/"));
    objects.delete(key);
    return key;
  },
  async "adds records that no writer of the gateway made, where they would only wait for a digest"({ masked }) {
    const lines: Line[] = [];
    const forger = createWriter({
      component: "gateway",
      // Whoever lacks the signing key can make an environment's key, and not have it attested.
      signer: testSigner(testKey()),
      now: () => START + 4 * HOUR,
      newId: () => `01ZZZZZZZZZZZZZZZZZZZZZZZ${lines.length}`,
      ledger: {
        put: async (line) => {
          lines.push(line);
          return "written";
        },
      },
    });
    await forger.append({
      type: "call.received",
      occurredAt: new Date(START).toISOString(),
      session: "s",
      outcome: "received",
    });
    for (const object of archiveObjects(lines.map((line) => ({ ...line, sealed: {}, arrivedAt: START + 4 * HOUR }))))
      masked.set(object.key, gzipSync(object.masked));
    return lines[1]?.record.id ?? "";
  },
  "adds an object to an hour that is sealed"({ masked }, draw) {
    const key = draw.of(under(masked, "transcripts/").filter((name) => /hh=0[56]/.test(name)));
    const added = key.replace(/[0-9a-f]{64}/, hashOf(Buffer.from(key)));
    masked.set(added, masked.get(key) ?? Buffer.alloc(0));
    return added;
  },
};
