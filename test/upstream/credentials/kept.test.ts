import { expect, test } from "vitest";
import { kept } from "../../../lambdas/upstream/credentials/kept.ts";

interface Value {
  readonly name: number;
  readonly expiresAt: number;
}

/** A cache at a time of its own, and what it makes: values that live 1000 s, numbered. */
function clock(lifetime = 1_000_000) {
  let now = 0;
  let made = 0;
  const values = kept<Value>(() => now);
  const make = async (): Promise<Value> => {
    made += 1;
    return { name: made, expiresAt: now + lifetime };
  };
  return {
    values,
    make,
    get: (key = "k") => values.get(key, make),
    at: (seconds: number) => {
      now = seconds * 1000;
    },
    get made() {
      return made;
    },
  };
}

test("callers that come together wait for one value", async () => {
  const it = clock();
  const all = await Promise.all(Array.from({ length: 50 }, () => it.get()));
  expect(new Set(all.map(({ name }) => name))).toEqual(new Set([1]));
});

test("a value is renewed before its end while the old one serves, and nobody waits", async () => {
  const it = clock();
  await it.get();
  it.at(749);
  expect((await it.get()).name).toBe(1);
  expect(it.made).toBe(1);
  it.at(751);
  expect((await it.get()).name).toBe(1);
  await Promise.resolve();
  expect(it.made).toBe(2);
  it.at(752);
  expect((await it.get()).name).toBe(2);
});

test("a renewal that fails leaves the old value until ten seconds before its end, and is tried again after ten seconds", async () => {
  const it = clock();
  await it.get();
  let tries = 0;
  const fail = async (): Promise<Value> => {
    tries += 1;
    throw new Error("down");
  };
  for (const seconds of [760, 761, 765, 771]) {
    it.at(seconds);
    expect((await it.values.get("k", fail)).name).toBe(1);
    await new Promise(setImmediate);
  }
  expect(tries).toBe(2);
  it.at(991);
  await expect(it.values.get("k", fail)).rejects.toThrow("down");
  it.at(992);
  expect((await it.get()).name).toBe(2);
});

test("a value that was refused is replaced, once in ten seconds, and those who were refused the older one share the new", async () => {
  const it = clock();
  const first = await it.get();
  it.at(5);
  expect(await it.values.insteadOf(first, "k", it.make)).toBeUndefined();
  it.at(11);
  const [one, other] = await Promise.all([1, 2].map(() => it.values.insteadOf(first, "k", it.make)));
  expect([one?.name, other?.name]).toEqual([2, 2]);
  expect(await it.values.insteadOf(first, "k", it.make)).toEqual(one);
  expect(it.made).toBe(2);
});

test("the keys are bounded: those asked for longest ago make room", async () => {
  const it = clock();
  await it.get("often");
  for (let at = 0; at < 2500; at += 1) {
    await it.get(`principal-${at}`);
    await it.get("often");
  }
  expect(it.made).toBe(2501);
  await it.get("principal-2499");
  expect(it.made).toBe(2501);
  await it.get("principal-0");
  expect(it.made).toBe(2502);
});
