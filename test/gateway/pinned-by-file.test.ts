import { expect, test } from "vitest";
import type { KeptDefinition, PinRow, PinsTable } from "../../lambdas/aws/pins-table.ts";
import { pinsOf } from "../../lambdas/gateway/pins.ts";

const KEY = { server: "s", era: "legacy", tool: "t" } as const;
const kept = (digest: string): KeptDefinition => ({ digest, definition: { description: digest }, at: 0 });

/** What a row of the table means where `config/pins.json` allows the tool those digests. */
async function pinned(digest: string | null, seen: string | null, ...allowed: string[]) {
  const row: PinRow = {
    ...KEY,
    pinned: digest === null ? null : { ...kept(digest), by: "first use" },
    seen: seen === null ? null : kept(seen),
  };
  const table = { get: async () => row } as Partial<PinsTable> as PinsTable;
  const pin = await pinsOf(table, { servers: { s: { t: allowed } } }, () => 0).of(KEY);
  return pin && { ...pin, definition: pin.definition?.description, latest: pin.latest?.description };
}

test("what was pinned before the file fixed another definition counts as changed", async () => {
  expect(await pinned("D1", null, "D2")).toEqual({ digest: "D1", changed: true, definition: undefined, latest: "D1" });
});

test("what is pinned and seen counts as changed while the file forbids it, and no longer", async () => {
  expect(await pinned("D1", "D1", "D2")).toMatchObject({ digest: "D1", changed: true });
  expect(await pinned("D1", "D1", "D1")).toMatchObject({ digest: "D1", changed: false });
});

test("what was seen counts once the file allows it, before it is pinned", async () => {
  expect(await pinned("D1", "D2", "D2")).toEqual({ digest: "D2", changed: false, definition: "D2", latest: "D2" });
  expect(await pinned(null, "D2", "D2")).toMatchObject({ digest: "D2", changed: false });
});

test("what was seen and is forbidden counts as changed, also where the pinned definition is allowed", async () => {
  expect(await pinned("D1", "D2", "D1")).toEqual({ digest: "D2", changed: true, definition: "D1", latest: "D2" });
  expect(await pinned("D1", "D2", "D3")).toMatchObject({ digest: "D2", changed: true, definition: undefined });
});

test("of two definitions that are allowed the pinned one counts", async () => {
  expect(await pinned("D1", "D2", "D1", "D2")).toMatchObject({ digest: "D1", changed: false, definition: "D1" });
});
