import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { archiveObjects } from "../../../lambdas/domain/evidence/archive-object.ts";
import { keepBody } from "../../../lambdas/domain/evidence/body.ts";
import { leafHash, splitLine } from "../../../lambdas/domain/evidence/line.ts";
import { treeHash } from "../../../lambdas/domain/evidence/merkle.ts";
import { openOriginal, sealOriginal } from "../../../lambdas/domain/evidence/sealed-original.ts";

const key = { plain: new Uint8Array(randomBytes(32)), wrapped: "d3JhcHBlZA==" };
const unwrap = async () => key.plain;

describe("a sealed original", () => {
  test("opens for its own call", async () => {
    expect(await openOriginal(await sealOriginal("secret ä", "call-1", key), "call-1", unwrap)).toBe("secret ä");
  });
  test("does not open for another call, under another key, or changed", async () => {
    const jwe = await sealOriginal("secret", "call-1", key);
    await expect(openOriginal(jwe, "call-2", unwrap)).rejects.toMatchObject({ code: "seal_invalid" });
    await expect(openOriginal(jwe, "call-1", async () => new Uint8Array(32))).rejects.toMatchObject({
      code: "seal_invalid",
    });
    const parts = jwe.split(".");
    const cipher = Buffer.from(parts[3] ?? "", "base64url");
    cipher[0] = (cipher[0] ?? 0) ^ 1;
    const changed = [...parts.slice(0, 3), cipher.toString("base64url"), parts[4]].join(".");
    await expect(openOriginal(changed, "call-1", unwrap)).rejects.toMatchObject({ code: "seal_invalid" });
  });
});

describe("a body in a record", () => {
  const stored: [string, string, string | null][] = [];
  const store = { put: async (...args: [string, string, string | null]) => void stored.push(args) };
  const finding = { kind: "PASSWORD", pointer: "/a", start: 0, length: 3, tag: "t" };
  const keep = (original: string, masked: string, findings = [finding]) =>
    keepBody({ original, masked, findings }, { call: "c", part: "response" }, async () => key, store);

  test("stands there whole, without a seal, when nothing was masked", async () => {
    const { body, sealed } = await keep("{}", "{}", []);
    expect(body).toMatchObject({ text: "{}", key: null, sealedHash: null, originalBytes: 2, findingCount: 0 });
    expect(sealed).toBeUndefined();
  });
  test("stands there masked, with its sealed original beside it", async () => {
    const { body, sealed } = await keep('{"a":"abc"}', '{"a":"[PASSWORD]"}');
    expect(body.text).toBe('{"a":"[PASSWORD]"}');
    expect(await openOriginal(sealed ?? "", "c", unwrap)).toBe('{"a":"abc"}');
  });
  test("is another object when it is kept twice, as of a call that is received and then denied: seals differ", async () => {
    const large = `"${"s".repeat(20_000)}"`;
    const [one, other] = [await keep(large, '"[PASSWORD]"'), await keep(large, '"[PASSWORD]"')];
    expect(one.body.key).not.toBe(other.body.key);
    expect(one.body.key?.slice(-64), "its end says what the masked object holds").toBe(other.body.key?.slice(-64));
  });
  test.each([
    ["is long", "x".repeat(20_000), "x".repeat(20_000), []],
    ["hides something long behind a short mask", `"${"s".repeat(500_000)}"`, '"[PASSWORD]"', [finding]],
    ["has more findings than text", '"a"', '"b"', Array.from({ length: 4500 }, () => finding)],
  ])("is an object of its own, in both vaults, when it %s", async (_, original, masked, findings) => {
    stored.length = 0;
    const { body, sealed } = await keep(original, masked, findings);
    expect(body).toMatchObject({ text: null, findingCount: findings.length });
    expect(sealed).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(16_384);
    const [[key, object, seal] = ["", "", null]] = stored;
    expect(key).toBe(body.key);
    expect(JSON.parse(object)).toEqual({ text: masked, findings });
    if (original === masked) expect(seal).toBeNull();
    else expect(await openOriginal(seal ?? "", "c", unwrap)).toBe(original);
  });
});

const one = '{"id":"01B","writer":{"id":"w","previous":"","seq":4}}';
const two = '{"id":"01A","writer":{"id":"w","previous":"","seq":3}}';
const signature = "s".repeat(86);

test("a batch becomes one object a vault, named by what it holds and when it came", () => {
  const at = Date.parse("2026-03-04T05:06:07Z");
  const lines = [
    { text: one, signature, sealed: { request: "jwe" }, arrivedAt: at },
    { text: two, signature, sealed: {}, arrivedAt: at },
  ];
  const [object] = archiveObjects(lines);
  expect(object?.key).toMatch(/^transcripts\/dt=2026-03-04\/hh=05\/01A-01B-[0-9a-f]{64}\.jsonl\.gz$/);
  const [first, second] = object?.masked.trimEnd().split("\n") ?? [];
  expect([splitLine(first ?? ""), splitLine(second ?? "")]).toEqual([
    { text: one, signature },
    { text: two, signature },
  ]);
  expect(JSON.parse(second ?? "")).toEqual({ ...JSON.parse(two), signature });
  expect(object?.sealed).toBe(
    `{"record":${one},"sealed":{"request":"jwe"},"signature":"${signature}"}\n{"record":${two},"sealed":{},"signature":"${signature}"}\n`,
  );
  expect(object).toMatchObject({ records: 2, root: treeHash([leafHash(one), leafHash(two)]) });
  expect(object?.writers).toEqual([{ id: "w", first: 3, last: 4, hash: leafHash(one) }]);
  expect(archiveObjects(lines)).toEqual([object]);
  expect(archiveObjects([])).toEqual([]);
});

test("a batch that arrived in several hours becomes an object for each, so that none lies under an hour of another", () => {
  const [five, seven] = ["2026-03-04T05:59:59Z", "2026-03-04T07:00:00Z"].map((time) => Date.parse(time));
  const lines = [seven, five, seven].map((arrivedAt = 0) => ({ text: one, signature, sealed: {}, arrivedAt }));
  const objects = archiveObjects(lines.toSpliced(0, 1, { ...lines[0], text: two } as never));
  expect(objects.map(({ key, records }) => [key.slice(0, 31), records])).toEqual([
    ["transcripts/dt=2026-03-04/hh=07", 2],
    ["transcripts/dt=2026-03-04/hh=05", 1],
  ]);
  expect(objects.map(({ writers }) => writers)).toMatchObject([[{ first: 3, last: 4 }], [{ first: 4, last: 4 }]]);
});
