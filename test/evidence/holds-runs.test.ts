import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { vault } from "../../lambdas/aws/vault.ts";
import { keepHold } from "../../lambdas/holder/keep.ts";
import { roomOf } from "../../lambdas/holder/room.ts";
import { forSteps, type HoldRoom, ONE, openHoldRoom, TWO } from "./support/hold-room.ts";

/*
 * How the holder's runs follow each other: one ends before its work does, a hold is lifted in the midst of one, and several
 * holds share what they keep.
 */
let room: HoldRoom;
beforeAll(async () => {
  room = await openHoldRoom();
}, 60_000);
afterAll(() => room?.desk.stop());

const LARGE = { text: null, originalHash: "", originalBytes: 1, findings: [], findingCount: 0, sealedHash: null };

const liftByTwo = async (id: string) => {
  await room.lift(id, ONE);
  expect((await room.lift(id, TWO)).body).toEqual({ id, status: "LIFTED" });
};

// First: until then nothing else is held.
test("a hold that takes all of a run's time waits behind the others in the next", async () => {
  await room.archive(await room.record("wide"));
  const wide = await room.putHold({ session: "wide" });
  const narrow = await room.putHold({ session: "narrow" });
  const turns = async () => [(await room.rowOf(wide))?.turn, (await room.rowOf(narrow))?.turn];
  const now = Date.now();
  // Each time there is time to begin one hold, and nothing of it.
  await room.run(now, forSteps(1));
  expect(await turns()).toEqual([now, 0]);
  await room.run(now + 1, forSteps(1));
  expect(await turns()).toEqual([now, now + 1]);
  await room.run(now + 2, forSteps(1));
  expect(await turns()).toEqual([now + 2, now + 1]);
  for (const id of [wide, narrow]) await liftByTwo(id);
  await room.run();
  expect(await room.rowOf(wide)).toMatchObject({ released: true });
});

test("what was noted since is kept as far as a run's time reaches, and the next goes on behind it", async () => {
  const id = await room.putHold({ session: "noted" });
  await room.run();
  const keys: string[] = [];
  for (let count = 0; count < 3; count += 1) keys.push(await room.archive(await room.record("noted")));
  const held = async () => (await Promise.all(keys.map((key) => room.held(key)))).filter(([masked]) => masked).length;
  // Time for two of what was noted; one is an object of the test above.
  await room.run(Date.now(), forSteps(3));
  expect((await room.rowOf(id))?.notedTo?.key).toBe(keys.sort()[0]);
  expect(await held()).toBe(1);
  await room.run(Date.now(), forSteps(2));
  expect(await held()).toBe(2);
  await room.run();
  expect(await held()).toBe(3);
  expect(await room.rowOf(id)).toMatchObject({ notedTo: null });
  await liftByTwo(id);
  await room.run();
  expect(await held()).toBe(0);
});

test("digests are kept, and let go, as far as a run's time reaches", async () => {
  const digests = ["01", "02", "03"].map((hour) => `digests/dt=2026-03-01/hh=${hour}/digest.json.gz`);
  for (const key of digests) await vault(room.environment, "masked").put(key, "{}");
  const held = () => Promise.all(digests.map((key) => room.isHeld("masked", key)));
  const id = await room.putHold({ session: "proven", from: "2026-03-01T01:00:00Z" });
  await room.run(Date.now(), forSteps(3));
  expect(await held()).toEqual([true, true, false]);
  await room.run(Date.now(), forSteps(3));
  expect(await held()).toEqual([true, true, true]);
  await liftByTwo(id);
  const objects = (await room.keysOf("masked", "transcripts/")).length;
  await room.run(Date.now(), forSteps(1 + objects + 2));
  expect(await held()).toEqual([false, false, true]);
  await room.run();
  expect(await held()).toEqual([false, false, false]);
  expect(await room.rowOf(id)).toMatchObject({ released: true });
});

test("a hold that is lifted while the archive is gone through is let go from the beginning", async () => {
  const keys = [await room.archive(await room.record("lifted")), await room.archive(await room.record("lifted"))];
  const [first = "", second = ""] = keys.sort();
  const id = await room.putHold({ session: "lifted" });
  await room.lift(id, ONE);
  const row = await room.rowOf(id);
  if (row === undefined) throw new Error("there is no row");
  // The second person lifts it while the first of its objects is read, and then this run's time ends.
  let read = false;
  const real = roomOf(room.environment);
  const masked = {
    ...real.masked,
    async read(key: string) {
      if (key === first && !read) await room.lift(id, TWO);
      read ||= key === first;
      return real.masked.read(key);
    },
  };
  await keepHold(row, { ...real, masked }, Date.now(), () => !read);
  expect(await room.held(first), "it was on its way").toEqual([true, true]);
  expect(await room.rowOf(id)).toMatchObject({ status: "LIFTED", listedTo: "" });
  await room.run();
  for (const key of [first, second]) expect(await room.held(key), key).toEqual([false, false]);
  expect(await room.rowOf(id)).toMatchObject({ released: true });
});

test("a run that began before a hold was lifted ends with it, although it has time", async () => {
  const key = await room.archive(await room.record("ended"));
  const id = await room.putHold({ session: "ended" });
  const row = await room.rowOf(id);
  if (row === undefined) throw new Error("there is no row");
  await liftByTwo(id);
  await keepHold(row, roomOf(room.environment), Date.now(), () => true);
  expect(await room.held(key)).toEqual([false, false]);
  expect(await room.rowOf(id)).toMatchObject({ listedTo: "", through: 0 });
});

test("a body stays that another hold covers by another record of the call, and goes with that hold", async () => {
  const call = "call-shared";
  const [named, unnamed] = [`bodies/${call}/request-0`, `bodies/${call}/response-0`];
  for (const key of [named, unnamed]) await room.putBoth(key, "what is shared");
  const received = await room.archive(await room.record("shared", { call, request: { ...LARGE, key: named } }));
  await sleep(5);
  const until = new Date().toISOString();
  await sleep(5);
  const unresolved = await room.archive(
    await room.record("shared", { type: "call.unresolved", call, outcome: "unresolved" }),
  );
  const held = () => Promise.all([received, unresolved, named, unnamed].map(async (key) => (await room.held(key))[0]));

  const whole = await room.putHold({ session: "shared" });
  const early = await room.putHold({ session: "shared", until });
  await room.run();
  expect(await held()).toEqual([true, true, true, true]);
  await liftByTwo(whole);
  await room.run();
  // The one that is left keeps the first object and the body that it names; the call's other body goes with it.
  expect(await held()).toEqual([true, false, true, true]);
  await liftByTwo(early);
  await room.run();
  expect(await held()).toEqual([false, false, false, false]);
});

test("so does the body that a hold covers by the later record alone", async () => {
  const call = "call-late";
  const named = `bodies/${call}/request-0`;
  await room.putBoth(named, "what is shared");
  const received = await room.archive(await room.record("late", { call, request: { ...LARGE, key: named } }));
  await sleep(5);
  const from = new Date().toISOString();
  await sleep(5);
  await room.archive(await room.record("late", { type: "call.unresolved", call, outcome: "unresolved" }));
  const whole = await room.putHold({ session: "late" });
  const late = await room.putHold({ session: "late", from });
  await room.run();
  await liftByTwo(whole);
  await room.run();
  expect(await room.held(received)).toEqual([false, false]);
  expect(await room.held(named)).toEqual([true, true]);
  await liftByTwo(late);
  await room.run();
  expect(await room.held(named)).toEqual([false, false]);
});
