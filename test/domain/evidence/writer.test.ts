import { describe, expect, test } from "vitest";
import { type Line, leafHash, NO_PREVIOUS } from "../../../lambdas/domain/evidence/line.ts";
import type { RecordEntry } from "../../../lambdas/domain/evidence/record.ts";
import { createWriter } from "../../../lambdas/domain/evidence/writer.ts";

const entry: RecordEntry = {
  type: "call.received",
  occurredAt: "2026-01-01T00:00:00.000Z",
  session: "s",
  outcome: "received",
};

function surroundings(put: (line: Line) => Promise<void>) {
  let time = 0;
  let id = 0;
  return { ledger: { put }, component: "test", now: () => ++time, newId: () => `id${String(++id).padStart(6, "0")}` };
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
