import fc from "fast-check";
import { expect, test } from "vitest";
import { createSeals } from "../../../lambdas/domain/seal/seal.ts";

let time = 1_700_000_000_000;
const now = () => time;
const seals = createSeals(["first secret"], now);
const invalid = expect.objectContaining({ code: "seal_invalid" });

test("what was sealed comes back", async () => {
  const token = await seals.seal("session", { session: "s", upstream: "u" }, null);
  expect(await seals.unseal("session", token)).toEqual({ session: "s", upstream: "u" });
  expect(token).not.toContain(Buffer.from("upstream").toString("base64url"));
});

test("a seal of one purpose does not pass for another", async () => {
  await expect(seals.unseal("session", await seals.seal("request-state", { a: 1 }, null))).rejects.toEqual(invalid);
  await expect(seals.unseal("request-state", await seals.seal("session", { a: 1 }, null))).rejects.toEqual(invalid);
});

test("while a secret rotates the old seals stay readable; afterwards they do not", async () => {
  const old = await seals.seal("session", { a: 1 }, null);
  const both = createSeals(["second secret", "first secret"], now);
  expect(await both.unseal("session", old)).toEqual({ a: 1 });
  const fresh = await both.seal("session", { a: 2 }, null);
  await expect(seals.unseal("session", fresh)).rejects.toEqual(invalid);
  await expect(createSeals(["second secret"], now).unseal("session", old)).rejects.toEqual(invalid);
});

test("a seal with a lifetime ends, also one of the older secret", async () => {
  const token = await seals.seal("request-state", { a: 1 }, 60);
  time += 59_000;
  expect(await seals.unseal("request-state", token)).toMatchObject({ a: 1 });
  time += 1000;
  await expect(seals.unseal("request-state", token)).rejects.toEqual(invalid);
  await expect(createSeals(["new", "first secret"], now).unseal("request-state", token)).rejects.toEqual(invalid);
});

test("without a secret nothing is sealed", async () => {
  await expect(createSeals([], now).seal("session", {}, null)).rejects.toEqual(invalid);
});

test("a seal with one byte changed, anywhere, is refused", async () => {
  const parts = (await seals.seal("session", { session: "s", principal: "company|u1" }, null)).split(".");
  const filled = [0, 2, 3, 4];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...filled), fc.nat(), fc.integer({ min: 1, max: 255 }), async (part, at, flip) => {
      const bytes = Buffer.from(parts[part] ?? "", "base64url");
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ flip;
      const changed = parts.with(part, bytes.toString("base64url")).join(".");
      await expect(seals.unseal("session", changed)).rejects.toEqual(invalid);
    }),
  );
});

test("any other text is refused, and never with another error", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string(), fc.constantFrom("", "....", "a.b.c", "e30.e30.e30.e30.e30")),
      async (text) => {
        await expect(seals.unseal("session", text)).rejects.toEqual(invalid);
      },
    ),
  );
});
