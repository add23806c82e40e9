import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeTime } from "ulid";
import { describe, expect, test } from "vitest";
import { exported } from "../../bin/commands/export.ts";
import { sessionLines } from "../../bin/session-lines.ts";
import { findSealed } from "../../lambdas/audit/find-sealed.ts";
import { recordCopies } from "../../lambdas/audit/record-copies.ts";
import { archiveObjects, partitionOf } from "../../lambdas/domain/evidence/archive-object.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { objectsWith } from "../../lambdas/holder/covered.ts";
import { walk } from "../../lambdas/holder/walk.ts";

const TEN = Date.parse("2026-11-21T10:00:00Z");
const DAY = 24 * HOUR;
const SIGNATURE = "A".repeat(86);
const NOWHERE = { environment: {}, maskedVault: "", url: "" };

interface Told {
  /** The time in its id. */
  readonly happened: number;
  /** @default when it happened */
  readonly recorded?: number;
  readonly arrived: number;
}

/** One batch of a session's records, as the archiver writes it. */
function batchOf(...records: readonly Told[]) {
  const ids = records.map(({ happened }, at) => encodeTime(happened, 10) + String(at).padStart(16, "0"));
  const lines = records.map(({ happened, recorded = happened, arrived }, at) => ({
    text: JSON.stringify({
      v: 1,
      id: ids[at],
      type: "call.received",
      occurredAt: new Date(happened).toISOString(),
      recordedAt: new Date(recorded).toISOString(),
      session: `s-${at}`,
      writer: { id: "w", seq: at, previous: "" },
    }),
    signature: SIGNATURE,
    sealed: {},
    arrivedAt: arrived,
  }));
  const objects = new Map(archiveObjects(lines).map((object) => [object.key, object]));
  const read: string[] = [];
  const vaultOf = (part: "masked" | "sealed") => {
    const get = (key: string) => {
      read.push(key);
      return objects.get(key)?.[part] ?? "";
    };
    return {
      list: async (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)),
      folders: async (prefix: string) => [
        ...new Set([...objects.keys()].map((key) => key.slice(0, key.indexOf("/", prefix.length) + 1))),
      ],
      get: async (key: string) => get(key),
      read: async (key: string) => gzipSync(get(key)),
      present: async (key: string) => ({ text: get(key), etag: "" }),
    };
  };
  return { ids, keys: [...objects.keys()], objects, read, masked: vaultOf("masked"), sealed: vaultOf("sealed") };
}
type Batch = ReturnType<typeof batchOf>;

/** The keys under which the auditors' API and the holder find a record. */
async function found(id: string, { masked, sealed }: Batch) {
  const revealed = await findSealed(sealed as never, id);
  const copies = await recordCopies(id, sealed as never, { masked, sealed } as never);
  return {
    reveals: revealed?.record.id,
    quarantines: copies.map(({ key }) => key),
    holds: await objectsWith(id, masked as never),
  };
}
const everywhere = (id: string, ...keys: readonly string[]) => ({ reveals: id, quarantines: keys, holds: keys });

/** A copy of the masked vault. */
function folderOf({ objects }: Batch): string {
  const root = mkdtempSync(join(tmpdir(), "countersign-vault-"));
  for (const [key, { masked }] of objects) {
    const file = join(root, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, gzipSync(masked));
  }
  return root;
}

async function idsExported(batch: Batch, from: number, to: number): Promise<string[]> {
  const [begin, end] = [from, to].map((time) => new Date(time).toISOString());
  const options = { from: begin ?? "", to: end ?? "", format: "jsonl", folder: folderOf(batch) };
  let lines = "";
  for await (const piece of exported(NOWHERE, options)) lines += piece;
  return lines.split("\n").flatMap((line) => (line === "" ? [] : (JSON.parse(line).id as string)));
}

/** The keys that a hold which begins at a time looks at. */
async function walked(batch: Batch, from: number): Promise<string[]> {
  const seen: string[] = [];
  const course = { done: { listedTo: "" }, goesOn: () => true, note: async () => {} };
  const selection = { session: null, principal: null, from, until: null };
  await walk({ masked: batch.masked } as never, selection, course as never, async (key) => void seen.push(key));
  return seen;
}

test.each([
  ["before its own, because a clock is ahead", { happened: TEN + 1, arrived: TEN - 1 }, -HOUR],
  ["of its own", { happened: TEN + 1, arrived: TEN + 2 }, 0],
  ["after its own, because it arrived late", { happened: TEN + 1, arrived: TEN + HOUR }, HOUR],
])("a record is revealed, quarantined and held that lies under the hour %s", async (_, told, offset) => {
  const batch = batchOf(told);
  const [id = "", key = ""] = [batch.ids[0], batch.keys[0]];
  expect(key).toContain(partitionOf(TEN + offset));
  expect(await found(id, batch)).toEqual(everywhere(id, key));
});

describe("a batch over three hours, of an archiver that was behind,", () => {
  const [early, between, late] = [TEN, TEN + HOUR + 1000, TEN + 2.5 * HOUR];
  const batch = batchOf(...[early, between, late].map((at) => ({ happened: at, arrived: at })));

  test("becomes an object for each hour, in which its records are revealed, quarantined and held", async () => {
    expect(batch.keys.map((key) => key.slice(0, key.lastIndexOf("/") + 1))).toEqual(
      [early, between, late].map(partitionOf),
    );
    for (const [at, id] of batch.ids.entries())
      expect(await found(id, batch)).toEqual(everywhere(id, batch.keys[at] ?? ""));
  });

  test("is exported, replayed and held by the time of each record", async () => {
    expect(await idsExported(batch, TEN + 2 * HOUR, TEN + 3 * HOUR)).toEqual([batch.ids[2]]);
    const since = { since: TEN + 2 * HOUR };
    expect([...(await sessionLines(NOWHERE, since, { folder: folderOf(batch) })).keys()]).toEqual(["s-2"]);
    expect(await walked(batch, TEN + 2 * HOUR)).toEqual(batch.keys.slice(1));
  });
});

describe.each([
  ["three hours", 3 * HOUR],
  ["three weeks", 21 * DAY],
  ["two years", 730 * DAY],
])("a record that is told %s after what happened, under an id of then,", (_, later) => {
  const at = TEN + later;
  const batch = batchOf(
    { happened: TEN, arrived: TEN },
    { happened: TEN + 1, recorded: at, arrived: at },
    { happened: at, arrived: at },
    { happened: at + 2 * DAY, arrived: at + 2 * DAY },
  );
  const [, id = "", beside = ""] = batch.ids;
  const [, key = ""] = batch.keys;

  test("is revealed, quarantined and held where it arrived", async () => {
    expect(key).toContain(partitionOf(at));
    expect(await found(id, batch)).toEqual(everywhere(id, key));
    expect(await found(beside, batch)).toEqual(everywhere(beside, key));
  });

  test("is exported and held by when it was recorded, and replayed by when it happened", async () => {
    expect(await idsExported(batch, at, at + HOUR)).toEqual([id, beside]);
    expect(await idsExported(batch, TEN, TEN + HOUR)).toEqual([batch.ids[0]]);
    expect(await walked(batch, at)).toContain(key);
    const folder = folderOf(batch);
    const told = async (since: number) => [...(await sessionLines(NOWHERE, { since }, { folder })).keys()];
    expect(await told(TEN + 1)).toEqual(["s-1", "s-2", "s-3"]);
    expect(await told(at)).toEqual(["s-2", "s-3"]);
  });
});

test("a record is looked for no further than where it lies, and of one that is not there little is read", async () => {
  const near = batchOf({ happened: TEN, arrived: TEN }, { happened: TEN - 1, recorded: TEN + DAY, arrived: TEN + DAY });
  const [here = ""] = near.ids;
  await found(here, near);
  expect(new Set(near.read)).toEqual(new Set(near.keys.slice(0, 1)));

  const far = batchOf(...[0, 1, 2].map((day) => ({ happened: TEN + day * DAY, arrived: TEN + day * DAY })));
  const absent = encodeTime(TEN + HOUR, 10) + "0".repeat(16);
  expect(await found(absent, far)).toEqual({ reveals: undefined, quarantines: [], holds: [] });
  expect(far.read).toEqual([]);
});

test("what cannot be read is held with a record that may lie in it, and the search goes on to the record", async () => {
  const batch = batchOf({ happened: TEN + 1, recorded: TEN + DAY, arrived: TEN + DAY });
  const [id = "", key = ""] = [batch.ids[0], batch.keys[0]];
  const broken = `${partitionOf(TEN)}${encodeTime(TEN, 10)}${"0".repeat(16)}-${encodeTime(TEN + 2, 10)}${"0".repeat(16)}-0.jsonl.gz`;
  batch.objects.set(broken, { key: broken, masked: "null\n", sealed: "", records: 0, root: "", writers: [] });
  expect(await objectsWith(id, batch.masked as never)).toEqual([broken, key]);
});
