import { encodeTime } from "ulid";
import { expect, test } from "vitest";
import { findSealed } from "../../lambdas/audit/find-sealed.ts";
import { recordCopies } from "../../lambdas/audit/record-copies.ts";
import { archiveObject, partitionOf } from "../../lambdas/domain/evidence/archive-object.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { objectsOf } from "../../lambdas/holder/covered.ts";

const TEN = Date.parse("2026-11-21T10:00:00Z");

/** Two records, each written at one time and arrived at another: all of them one batch. */
function batchOf(...records: readonly { readonly written: number; readonly arrived: number }[]) {
  const ids = records.map(({ written }, at) => encodeTime(written, 10) + String(at).padStart(16, "0"));
  const object = archiveObject(
    ids.map((id, at) => ({
      text: JSON.stringify({ id, session: "s", writer: { id: "w", seq: at, previous: "" } }),
      signature: "A".repeat(86),
      sealed: {},
      arrivedAt: records[at]?.arrived ?? 0,
    })),
  );
  if (object === undefined) throw new Error("the batch is empty");
  const vaultOf = (text: string) => ({
    list: async (prefix: string) => (object.key.startsWith(prefix) ? [object.key] : []),
    get: async () => text,
    present: async () => ({ text }),
  });
  return { ids, key: object.key, masked: vaultOf(object.masked), sealed: vaultOf(object.sealed) };
}

test.each([
  ["before its own, because the batch began there", { written: TEN - 15_000, arrived: TEN - 14_000 }, -HOUR],
  ["of its own", { written: TEN + 1, arrived: TEN + 2 }, 0],
  ["after its own, because it arrived late", { written: TEN + 1, arrived: TEN + HOUR }, HOUR],
])("a record is revealed, quarantined and held that lies under the hour %s", async (_, first, offset) => {
  const { ids, key, masked, sealed } = batchOf(first, { written: TEN + 10_000, arrived: TEN + HOUR + 1 });
  expect(key).toContain(partitionOf(TEN + offset));
  const [, id = ""] = ids;
  expect(await findSealed(sealed as never, id)).toMatchObject({ record: { id } });
  expect(await recordCopies(id, sealed as never, { masked, sealed } as never)).toMatchObject([{ key, at: 1 }]);
  expect(await objectsOf(id, masked as never)).toEqual([key]);
});
