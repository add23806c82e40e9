import { gunzipSync, gzipSync } from "node:zlib";
import { encodeTime } from "ulid";
import { expect, test } from "vitest";
import { type ArchiveLine, archiveObjects } from "../../lambdas/domain/evidence/archive-object.ts";
import { proofOf } from "../../lambdas/domain/evidence/proof.ts";
import {
  archivedLine,
  copyLines,
  leafOf,
  quarantinedCopy,
  withoutQuarantined,
} from "../../lambdas/domain/evidence/quarantine.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { createWriter } from "../../lambdas/domain/evidence/writer.ts";
import { canonical } from "../../lambdas/domain/json/canonical.ts";
import { makeArchive, type Objects, sourceOf, testKey, testSigner } from "./support/archive.ts";

const archive = await makeArchive();
const ORDER = encodeTime(archive.until, 10) + "Q".repeat(16);
const linesOf = (bytes: Buffer | undefined) =>
  gunzipSync(bytes ?? "")
    .toString()
    .trimEnd()
    .split("\n");
const packed = (lines: readonly string[]) => gzipSync(lines.map((line) => `${line}\n`).join(""));

/** A record in the midst of an object, with a body of its own. */
const [key, at] = [...archive.masked.keys()]
  .filter((name) => name.startsWith("transcripts/"))
  .flatMap((name): [string, number][] => {
    const found = linesOf(archive.masked.get(name)).findIndex((line) => archivedLine(line)?.record.request?.text);
    return found === -1 ? [] : [[name, found]];
  })[0] ?? ["", 0];
const lines = linesOf(archive.masked.get(key));
const original = archivedLine(lines[at] ?? "") ?? { record: {} as LedgerRecord, text: "", signature: "" };
const remask = (text: string) => ({ text: text.replaceAll("x", "y"), findings: [] });
const hash = leafOf(original.text, original.record);
const copyOf = (text: string) => {
  const { request } = original.record;
  const bodies = request === undefined ? {} : { request: { ...request, text } };
  return copyLines(quarantinedCopy(original.record, bodies, { order: ORDER, hash, remask }), original.signature, {});
};
const copy = copyOf("[QUARANTINED]");

/** The archive with a copy in the record's place, and the order for it in an object that waits for its digest. */
async function quarantined({ shown = copy, ordered = copy, signer = archive.key } = {}) {
  const [masked, sealed]: [Objects, Objects] = [new Map(archive.masked), new Map(archive.sealed)];
  masked.set(key, packed(lines.with(at, shown.masked)));
  sealed.set(key, packed(linesOf(archive.sealed.get(key)).with(at, shown.sealed)));
  const arrived: ArchiveLine[] = [];
  const writer = createWriter({
    component: "audit",
    signer: testSigner(signer, "audit"),
    now: () => archive.until,
    newId: () => encodeTime(archive.until, 10) + "0".repeat(16),
    ledger: {
      put: async ({ text, signature }) => {
        arrived.push({ text, signature, sealed: {}, arrivedAt: archive.until });
        return "written";
      },
    },
  });
  const entry = { type: "transcript.quarantined", occurredAt: "2026-03-04T09:00:00.000Z", session: "s" } as const;
  const named = { record: original.record.id, hash, copy: ordered.hash };
  await writer.append({ ...entry, outcome: "quarantined", quarantined: named }, undefined, ORDER);
  for (const object of archiveObjects(arrived)) masked.set(object.key, gzipSync(object.masked));
  return { masked, sealed };
}

const verdictOf = ({ masked, sealed }: { masked: Objects; sealed: Objects }) =>
  verifyEvidence({
    masked: sourceOf(masked),
    sealed: sourceOf(sealed),
    keys: [archive.key.publicKey],
    from: null,
    until: archive.until,
  });

test("a copy that a signed order names leaves the archive as it was signed, and the verdict says what is out of sight", async () => {
  const verdict = await verdictOf(await quarantined());
  expect(verdict.findings).toEqual([]);
  expect(verdict.ok).toBe(true);
  expect(verdict.cannotProve.join("\n")).toContain("what 1 quarantined records said");
});

test("a copy that no order names, or that is not the one that was ordered, is altered", async () => {
  const unordered = await quarantined();
  for (const name of unordered.masked.keys()) if (!archive.masked.has(name)) unordered.masked.delete(name);
  const other = await quarantined({ shown: copyOf("something else entirely") });
  for (const objects of [unordered, other]) {
    const { ok, findings } = await verdictOf(objects);
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ kind: "records", outcome: "altered", what: original.record.id }]);
  }
});

test("an order that no writer signed hides nothing unseen", async () => {
  const { findings } = await verdictOf(await quarantined({ signer: testKey() }));
  expect(findings.map(({ outcome }) => outcome)).toContain("bad-signature");
});

test("a neighbour's change in the same object is altered still, in either vault", async () => {
  const neighbour = at === 0 ? 1 : 0;
  for (const vault of ["masked", "sealed"] as const) {
    const objects = await quarantined();
    const changed = linesOf(objects[vault].get(key)).map((line, place) =>
      place === neighbour ? line.replace('"outcome":"', '"outcome":"un') : line,
    );
    objects[vault].set(key, packed(changed));
    const { findings } = await verdictOf(objects);
    expect(findings.filter(({ kind, outcome }) => kind === "objects" && outcome === "altered")).toHaveLength(1);
  }
});

test("a quarantined record has no proof of what it said; its neighbours have theirs", () => {
  const contents = { objects: [{ key }], writers: [] } as unknown as Parameters<typeof proofOf>[1]["contents"];
  const sources = { lines: lines.with(at, copy.masked), objectKey: key, contents, signed: {} as never, publicKey: "" };
  expect(() => proofOf(original.record.id, sources)).toThrow("is quarantined");
  const other = archivedLine(lines[at === 0 ? 1 : 0] ?? "")?.record.id ?? "";
  const before = proofOf(other, { ...sources, lines });
  expect(proofOf(other, sources).inObject).toEqual(before.inObject);
});

test("who reads a place that cannot change sees neither bodies nor headers of what an order names", () => {
  const record = { ...original.record, headers: { "mcp-param-x": "xx" }, target: "xx" };
  const order = canonical({
    id: ORDER,
    type: "transcript.quarantined",
    quarantined: { record: record.id, hash, copy: "c" },
  });
  const [hidden = "", kept] = withoutQuarantined([canonical(record), order]);
  expect(JSON.parse(hidden)).toMatchObject({
    id: record.id,
    target: "[QUARANTINED]",
    request: { text: "[QUARANTINED]" },
  });
  expect(hidden).not.toContain("xx");
  expect(kept).toBe(order);
  expect(withoutQuarantined([canonical(record)])).toEqual([canonical(record)]);
});
