import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMasking, maskText } from "../../../lambdas/domain/masking/index.ts";
import { plainly } from "../../../lambdas/domain/masking/spelling.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const masked = (text: string) => maskText(text, rules, tag).text;
const wide = (text: string) =>
  text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xff01 - 0x21));
const around = ["", " and a line of words that makes the text longer than what the engine reads in one short loop"];

describe.each([
  ["4111 1111 1111 1111", "[CARD_NUMBER]"],
  ["536-22-1234", "[US_SSN]"],
  ["DE89 3704 0044 0532 0130 00", "[IBAN]"],
])("%s", (number, mask) => {
  test.each(["\u00a0", "\u2009", "\u202f", "\u3000"])("is found with the blank %j in its groups", (blank) => {
    for (const words of around) {
      expect(masked(`it is ${number.replaceAll(" ", blank)}${words}`)).toBe(`it is ${mask}${words}`);
    }
  });

  test.each(["\u2010", "\u2011", "\u2013", "\u2014", "\u2212"])("is found with the dash %j in its groups", (dash) => {
    for (const words of around)
      expect(masked(`it is ${number.replace(/[ -]/g, dash)}${words}`)).toBe(`it is ${mask}${words}`);
  });

  test("is found in full-width characters", () => {
    for (const words of around) expect(masked(`it is ${wide(number)}${words}`)).toBe(`it is ${mask}${words}`);
  });
});

test("a card is found with dots between its groups, and in Arabic digits", () => {
  expect(masked("4111.1111.1111.1111")).toBe("[CARD_NUMBER]");
  expect(masked("٤١١١١١١١١١١١١١١١")).toBe("[CARD_NUMBER]");
});

test.each([
  ["password\u00a0:\u00a0hunter22", "password\u00a0:\u00a0[PASSWORD]"],
  ["password：Xk29qpLw7", "password：[PASSWORD]"],
  ["ｐａｓｓｗｏｒｄ＝Xk29qpLw7", "ｐａｓｓｗｏｒｄ＝[PASSWORD]"],
  ["password: “Xk29qpLw7”", "password: “[PASSWORD]”"],
])("a password is found in %s", (text, expected) => {
  expect(masked(text)).toBe(expected);
});

test("a text read as ASCII has its characters at the same places", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const plain = plainly(text);
      expect(plain).toHaveLength(text.length);
      const isAscii = (at: number) => text.charCodeAt(at) < 0x80;
      const kept = (source: string) =>
        Array.from({ length: text.length }, (_, at) => (isAscii(at) ? source.charAt(at) : "")).join("");
      expect(kept(plain)).toBe(kept(text));
    }),
  );
});
