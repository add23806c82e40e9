import { encodeTime } from "ulid";
import { describe, expect, test } from "vitest";
import { type Line, leafHash, NO_PREVIOUS } from "../../../lambdas/domain/evidence/line.ts";
import type { RecordEntry } from "../../../lambdas/domain/evidence/record.ts";
import { attestationText, attestedBy, signedBy, writerKey } from "../../../lambdas/domain/evidence/signing.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";

import { testKey, testSigner } from "../../evidence/support/archive.ts";

const entry: RecordEntry = {
  type: "call.received",
  occurredAt: "2026-01-01T00:00:00.000Z",
  session: "s",
  outcome: "received",
};

const key = testKey();

function surroundings(put: (line: Line) => Promise<unknown>) {
  let time = 0;
  let id = 0;
  const written = async (line: Line) => ((await put(line)) === "known" ? ("known" as const) : ("written" as const));
  const newId = () => `id${String(++id).padStart(6, "0")}`;
  return { ledger: { put: written }, component: "test", signer: testSigner(key, "test"), now: () => ++time, newId };
}

describe("a writer", () => {
  test("numbers and chains each lane without a gap, however many append at once", async () => {
    const lines: Line[] = [];
    const writer = createWriter(
      surroundings(async (line) => {
        await new Promise((resolve) => setTimeout(resolve, (line.record.writer.seq * 7) % 5));
        lines.push(line);
      }),
    );
    await Promise.all(Array.from({ length: 200 }, () => writer.append(entry)));
    const lanes = Map.groupBy(lines, (line) => line.record.writer.id);
    expect(lines.filter((line) => line.record.type === "call.received")).toHaveLength(200);
    for (const lane of lanes.values()) {
      expect(lane[0]?.record).toMatchObject({ type: "writer.opened", writer: { seq: 0, previous: NO_PREVIOUS } });
      lane.forEach((line, at) => {
        expect(line.record.writer.seq).toBe(at);
        if (at > 0) expect(line.record.writer.previous).toBe(lane[at - 1]?.hash);
      });
    }
  });

  test("uses one lane for one call after another", async () => {
    const writers = new Set<string>();
    const writer = createWriter(surroundings(async (line) => void writers.add(line.record.writer.id)));
    for (let at = 0; at < 5; at += 1) await writer.append(entry);
    expect(writers.size).toBe(1);
  });

  test("closes a lane whose put is in doubt: nothing follows it, and the next record opens another", async () => {
    const lines: Line[] = [];
    let fail = false;
    const writer = createWriter(
      surroundings(async (line) => {
        if (fail) throw new Error("no answer");
        lines.push(line);
      }),
    );
    const before = await writer.append(entry);
    fail = true;
    await expect(writer.append(entry)).rejects.toMatchObject({ code: "evidence_unavailable" });
    fail = false;
    const after = await writer.append(entry);
    expect(after.record.writer.id).not.toBe(before.record.writer.id);
    expect(lines.filter((line) => line.record.writer.id === before.record.writer.id)).toHaveLength(2);
    const told = lines.filter((line) => line.record.type === "writer.closed");
    expect(told.map(({ record }) => record.closed)).toEqual([{ id: before.record.writer.id, seq: 2 }]);
    expect(told[0]?.record.writer.id).toBe(after.record.writer.id);
  });

  test("tells of a lane that ended in doubt as soon as it can, and once", async () => {
    const lines: Line[] = [];
    let failures = 0;
    const writer = createWriter(
      surroundings(async (line) => {
        if (failures > 0) {
          failures -= 1;
          throw new Error("no answer");
        }
        lines.push(line);
      }),
    );
    await writer.append(entry);
    for (failures = 3; failures > 0; ) await writer.append(entry).catch(() => undefined);
    for (let at = 0; at < 3; at += 1) await writer.append(entry);
    const told = lines.flatMap(({ record }) => record.closed ?? []);
    expect(told).toEqual([{ id: lines[0]?.record.writer.id, seq: 2 }]);
  });

  test("signs every record with a key that the signing key vouches for when a lane opens", async () => {
    const lines: Line[] = [];
    const writer = createWriter(surroundings(async (line) => void lines.push(line)));
    await writer.append(entry);
    const [opened] = lines;
    const signer = opened?.record.signer;
    const own = writerKey(signer?.publicKey ?? "");
    expect(own && signer && attestedBy(key.publicKey, attestationText("test", signer), signer.attestation)).toBe(true);
    expect(own && signer && attestedBy(key.publicKey, attestationText("other", signer), signer.attestation)).toBe(
      false,
    );
    for (const { hash, signature } of lines) expect(own && signedBy(own, hash, signature)).toBe(true);
    expect(own && signedBy(own, lines[0]?.hash ?? "", lines[1]?.signature ?? "")).toBe(false);
  });

  test("opens no lane without that word, and asks again the next time", async () => {
    const ready = surroundings(async () => undefined);
    let silent = true;
    const attested = () => (silent ? Promise.reject(new Error("no answer")) : ready.signer.attested());
    const writer = createWriter({ ...ready, signer: { ...ready.signer, attested } });
    await expect(writer.append(entry)).rejects.toMatchObject({ code: "evidence_unavailable" });
    silent = false;
    expect((await writer.append(entry)).record.writer.seq).toBe(1);
  });

  test("gives a record the name it is told, and keeps the number when that was said before", async () => {
    const lines: Line[] = [];
    const writer = createWriter(
      surroundings(async (line) => {
        if (line.record.id === "told") return "known";
        lines.push(line);
        return "written";
      }),
    );
    await writer.append(entry, {}, "told");
    const { record } = await writer.append(entry, {}, "new");
    expect(record).toMatchObject({ id: "new", writer: { seq: 1 } });
    expect(lines.map((line) => line.record.writer.seq)).toEqual([0, 1]);
  });

  test("says by its own clock when it wrote a record, whatever time the name tells", async () => {
    const at = Date.parse("2026-11-21T11:18:00.000Z");
    const writer = createWriter({ ...surroundings(async () => undefined), now: () => at });
    const { record } = await writer.append(entry, {}, encodeTime(at - 1_200_000, 10) + "A".repeat(16));
    expect(record.recordedAt).toBe("2026-11-21T11:18:00.000Z");
  });

  test("hashes the canonical text under the leaf prefix of RFC 6962", async () => {
    const writer = createWriter(surroundings(async () => undefined));
    const { text, hash, record } = await writer.append({ ...entry, target: "ä" });
    expect(text.startsWith('{"component":"test"')).toBe(true);
    expect(JSON.parse(text)).toEqual(record);
    expect(hash).toBe(leafHash(text));
    // The empty leaf of the specification's test vectors.
    expect(leafHash("")).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  });
});
