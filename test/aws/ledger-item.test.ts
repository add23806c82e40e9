import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DICTIONARY } from "../../lambdas/aws/ledger-dictionary.ts";
import { sealedOf, storedLine, textOf } from "../../lambdas/aws/ledger-item.ts";
import { sealOriginal } from "../../lambdas/domain/evidence/sealed-original.ts";
import { canonical, sha256Hex } from "../../lambdas/domain/json/canonical.ts";

const stored = (text: string) => storedLine({ text, sealed: {} });
const bytesOf = (B: string) => new Uint8Array(Buffer.from(B, "base64"));

test("a text comes back as it was, from the wire's base64 and from the SDK's bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => {
      const { line } = stored(text);
      expect(textOf({ line })).toBe(text);
      expect(textOf({ line: { B: bytesOf(line.B) } })).toBe(text);
    }),
  );
});

test("what is sealed beside a record comes back as it was, under its own name, JWE or not", () => {
  const part = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString("base64url"));
  const jwe = fc.array(part, { minLength: 5, maxLength: 5 }).map((parts) => parts.join("."));
  const text = fc.oneof(jwe, fc.string({ unit: "binary" }), fc.constantFrom("", "sealed", "a.b.c", "YQ==.", "...."));
  const sealed = fc.record({ request: text, response: text }, { requiredKeys: [] });
  fc.assert(
    fc.property(sealed, (texts) => {
      const item = storedLine({ text: "{}", sealed: texts });
      expect(sealedOf(JSON.parse(JSON.stringify(item)))).toEqual({ ...texts });
    }),
  );
});

test("a seal is kept as the bytes that it is", async () => {
  const key = { plain: new Uint8Array(32), wrapped: "a".repeat(248) };
  const jwe = await sealOriginal("x".repeat(4000), "01KAHZ5V5T9GQ0T6W3X4Y5Z6A7", key);
  const { sealedResponse } = storedLine({ text: "{}", sealed: { response: jwe } });
  expect(bytesOf((sealedResponse as { B: string }).B).length).toBeLessThan(jwe.length * 0.76);
  expect(sealedOf({ sealedResponse })).toEqual({ response: jwe });
});

test("a text that was never packed is read as it is, and an item without one is no record", () => {
  expect(textOf({ line: { S: '{"v":1}' } })).toBe('{"v":1}');
  expect(textOf({})).toBeUndefined();
  expect(textOf(undefined)).toBeUndefined();
});

test("the dictionary is the one with which items of this form were packed: another text needs another version", () => {
  expect(sha256Hex(DICTIONARY)).toBe("15a49f482cbd77612ef937b768186b56ad370b35d5b6c061abd41ca9cbd6f912");
  expect(Buffer.byteLength(DICTIONARY)).toBe(DICTIONARY.length);
  // Packed once, and kept here: what lies in a table must stay readable.
  expect(textOf({ line: { B: "AavGlivwGl8LAA==" } })).toBe('{"outcome":"received","type":"call.received","v":1}');
});

test("what every record has in common is hardly stored", () => {
  const hash = "0123456789abcdef".repeat(4);
  const record = canonical({
    v: 1,
    id: "01KAHZ5V5T9GQ0T6W3X4Y5Z6A7",
    type: "call.received",
    occurredAt: "2026-11-21T10:00:00.000Z",
    recordedAt: "2026-11-21T10:00:00.001Z",
    component: "gateway",
    session: hash,
    outcome: "received",
    method: "tools/call",
    decision: { kind: "allow", policies: ["developers-read"], reason: null },
    risks: [],
    writer: { id: "01KAHZ5V5T9GQ0T6W3X4Y5Z6A8", seq: 12, previous: hash },
  });
  expect(bytesOf(stored(record).line.B).length).toBeLessThan(record.length / 2.5);
});

test("a form that is not known is refused, and so is what was cut", () => {
  const { B } = stored("a record").line;
  const bytes = bytesOf(B);
  expect(() => textOf({ line: { B: Buffer.concat([Buffer.of(3), bytes.subarray(1)]) } })).toThrow("not known: 3");
  expect(() => sealedOf({ sealedRequest: { B: Buffer.of(2, 0, 0, 0, 9, 1) } })).toThrow("cut");
  expect(() => textOf({ line: { B: bytes.subarray(0, -3) } })).toThrow();
  expect(() => textOf({ line: { B: new Uint8Array() } })).toThrow("not known");
});

test("a text over 400 KB is neither packed nor unpacked, however small it would be", () => {
  const largest = "a".repeat(400 * 1024);
  expect(textOf(stored(largest))).toBe(largest);
  expect(() => stored(`${largest}a`)).toThrow(expect.objectContaining({ code: "evidence_unavailable" }));
  const bomb = Buffer.concat([Buffer.of(1), deflateRawSync("a".repeat(50_000_000))]);
  expect(bomb.length).toBeLessThan(60_000);
  expect(() => textOf({ line: { B: bomb } })).toThrow();
});
