import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifest } from "../../lambdas/aws/manifest.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { vaultCopies } from "../../lambdas/aws/vault-copies.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import type { Line } from "../../lambdas/domain/evidence/line.ts";
import { copyLines, quarantinedCopy } from "../../lambdas/domain/evidence/quarantine.ts";
import type { RecordBody } from "../../lambdas/domain/evidence/record.ts";
import { BOTH, forSteps, type HoldRoom, openHoldRoom } from "./support/hold-room.ts";

/*
 * What comes, or shows itself, after the holder went through the archive, or where nobody would look for it.
 */
let room: HoldRoom;
beforeAll(async () => {
  room = await openHoldRoom();
}, 60_000);
afterAll(() => room?.desk.stop());

// First: a hold without a beginning or an end keeps every digest.
describe("the digests of a hold that ends at a time", () => {
  const folder = (time: number) => {
    const iso = new Date(time).toISOString();
    return `digests/dt=${iso.slice(0, 10)}/hh=${iso.slice(11, 13)}/`;
  };
  const put = (key: string) => vault(room.environment, "masked").put(key, "{}");

  test("are kept for what is redriven days later, also when their list is there first", async () => {
    const until = Date.parse("2026-02-03T05:00:00Z");
    await room.putHold({
      principal: "company|gone",
      from: "2026-02-01T00:00:00Z",
      until: new Date(until).toISOString(),
    });
    const late = folder(until + 72 * HOUR);
    await put(`${late}contents-${"0".repeat(64)}.json.gz`);
    await room.run();
    await put(`${late}digest.json.gz`);
    await room.run();
    expect(await room.isHeld("masked", `${late}digest.json.gz`)).toBe(true);
    expect(await room.isHeld("masked", `${late}contents-${"0".repeat(64)}.json.gz`)).toBe(true);
  });

  test("are kept although somebody put one there of an hour to come", async () => {
    await put("digests/dt=2099-01-01/hh=00/digest.json.gz");
    await room.run();
    const next = `${folder(Date.parse("2026-02-08T00:00:00Z"))}digest.json.gz`;
    await put(next);
    await room.run();
    expect(await room.isHeld("masked", next)).toBe(true);
  });
});

const large = (key: string): RecordBody => ({
  text: null,
  key,
  originalHash: "",
  originalBytes: 1,
  findings: [],
  findingCount: 0,
  sealedHash: null,
});

test("an object whose archiver died before it was noted is kept, and one that was never written hinders nothing", async () => {
  await room.putHold({ session: "unfinished" });
  await room.run();
  const { text } = await room.record("unfinished");
  const names = ["written", "begun"].map((name) => `transcripts/dt=2026-01-02/hh=03/${name}.jsonl.gz`);
  const [written = "", begun = ""] = names;
  for (const key of [begun, written])
    await manifest(room.environment).begin({ key, records: 1, root: "", writers: [] }, Date.now());
  await room.putBoth(written, `${text}\n`);
  await room.run();
  expect(await room.held(written)).toEqual([true, true]);
});

test("what arrives while the archive is gone through, under a key before the last one seen, is kept at the end of it", async () => {
  const seen = await room.archive(await room.record("arriving"));
  const last = await room.archive(await room.record("arriving"));
  expect(seen < last).toBe(true);
  const id = await room.putHold({ session: "arriving" });
  // The first run, in which this hold comes first, has time to see the first of them.
  const digests = await room.keysOf("masked", "digests/");
  const objects = (await room.keysOf("masked", "transcripts/")).filter((key) => key <= seen);
  await room.run(Date.now(), forSteps(1 + digests.length + objects.length));
  expect(await room.rowOf(id)).toMatchObject({ listedTo: seen });
  const late = "transcripts/dt=2026-01-02/hh=05/late.jsonl.gz";
  expect(late < seen).toBe(true);
  const { text } = await room.record("arriving");
  await room.putBoth(late, `${text}\n`);
  const stored = { version: "", hash: "" };
  const entry = { key: late, records: 1, root: "", masked: stored, sealed: stored, writers: [] };
  await manifest(room.environment).note(entry, Date.now());
  await room.run();
  for (const key of [late, seen, last]) expect(await room.held(key), key).toEqual([true, true]);
});

test("an object that cannot be read is kept, and the holder goes on to the next", async () => {
  const id = await room.putHold({ session: "after garbage" });
  const broken = ["transcripts/dt=2026-01-02/hh=06/a.jsonl.gz", "transcripts/dt=2026-01-02/hh=06/b.jsonl.gz"];
  await room.putBoth(broken[0] ?? "", '{"session":');
  await room.putBoth(broken[1] ?? "", "null\n");
  const key = await room.archive(await room.record("after garbage"));
  await room.run();
  for (const each of [...broken, key]) expect(await room.held(each), each).toEqual([true, true]);
  expect(await room.rowOf(id)).toMatchObject({ listedTo: null });
});

describe("a record that was quarantined", () => {
  const SESSION = "quarantined";
  const bodyKey = (name: string) => `bodies/call-${SESSION}/response-${name}`;

  /** Puts a newly masked copy over an object of one record, as `countersign quarantine` does. @returns the order's object */
  async function quarantine(key: string, line: Line): Promise<string> {
    const order = await room.record("elsewhere", {
      type: "transcript.quarantined",
      quarantined: { record: line.record.id, hash: line.hash, copy: null },
    });
    const remask = (text: string) => ({ text, findings: [] });
    const copy = quarantinedCopy(
      line.record,
      { response: large(bodyKey("new")) },
      {
        order: order.record.id,
        hash: line.hash,
        remask,
      },
    );
    await room.putBoth(bodyKey("new"), "masked anew");
    const lines = copyLines(copy, line.signature, {});
    for (const bucket of BOTH) {
      const copies = vaultCopies(room.environment, bucket);
      const present = await copies.present(key);
      if (present === undefined) throw new Error("there is nothing to put it over");
      await copies.replace(key, `${lines[bucket]}\n`, present);
    }
    return room.archive(order);
  }

  test("is kept in its copy too, with the body that the copy names", async () => {
    const line = await room.record(SESSION, { response: large(bodyKey("old")) });
    await room.putBoth(bodyKey("old"), "with the secret");
    const key = await room.archive(line);
    await room.putHold({ session: SESSION });
    await room.run();
    expect(await room.held(key)).toEqual([true, true]);
    const order = await quarantine(key, line);
    expect(await room.held(key), "a new version has no hold of its own").toEqual([false, false]);
    await room.run();
    expect(await room.held(key)).toEqual([true, true]);
    expect(await room.held(bodyKey("new"))).toEqual([true, true]);
    expect(await room.held(order), "the order is of another session").toEqual([false, false]);
  });

  test("before the hold was put is kept with the body that its original names", async () => {
    const call = "call-earlier";
    const old = `bodies/${call}/response-old`;
    const line = await room.record("earlier", { call, response: large(old) });
    await room.putBoth(old, "with the secret");
    const key = await room.archive(line);
    await quarantine(key, line);
    await room.putHold({ session: "earlier" });
    await room.run();
    expect(await room.held(key)).toEqual([true, true]);
    expect(await room.held(old)).toEqual([true, true]);
  });
});

test("of a call without an outcome the answer is kept that no record names", async () => {
  const [unnamed, foreign] = ["bodies/call-cut/response-0", "bodies/call-cut-2/response-0"];
  for (const key of [unnamed, foreign]) await room.putBoth(key, "what the server said before the gateway died");
  await room.archive(
    await room.record("cut", { call: "call-cut" }),
    await room.record("cut", { type: "call.unresolved", call: "call-cut", outcome: "unresolved" }),
  );
  await room.putHold({ session: "cut" });
  await room.run();
  expect(await room.held(unnamed)).toEqual([true, true]);
  expect(await room.held(foreign)).toEqual([false, false]);
});
