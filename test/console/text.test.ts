import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stretches } from "../../console/src/text/folding.ts";
import { visibleText } from "../../console/src/text/visible-text.ts";

const named = (text: string) =>
  visibleText(text)
    .filter(({ kind }) => kind !== "plain")
    .map((stretch) => stretch.text);

describe("characters that mislead", () => {
  it.each([
    ["a Cyrillic letter in a Latin word", "p\u0430ypal.com", ["U+0430"]],
    ["a Greek letter in a Latin word", "r\u03bfot", ["U+03BF"]],
    ["a word of nothing but twins", "\u0441\u043e\u0440\u0443", ["U+0441", "U+043E", "U+0440", "U+0443"]],
    ["wide forms of ASCII", "\uff52m", ["U+FF52"]],
    ["mathematical letters", "\u{1d42b}oot", ["U+1D42B"]],
    ["a slash that is none", "etc\u2215passwd", ["U+2215"]],
    ["a bidi override", "a\u202eb", ["U+202E"]],
    ["a zero-width space", "a\u200bb", ["U+200B"]],
    ["a line break", "a\nb", ["\\n"]],
  ])("%s is named", (_what, text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  it.each(["plain text 1.2/3:4", "Привет, мир", "Καλημέρα", "Größe: 5 m²", "日本語のテキスト", "naïve café"])(
    "%s is shown as it is",
    (text) => {
      expect(named(text)).toEqual([]);
    },
  );

  it("are never left in what is shown, and nothing plain is lost", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const plain = visibleText(text)
          .filter(({ kind }) => kind === "plain")
          .map((stretch) => stretch.text)
          .join("");
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(text.replaceAll(/[^\x20-\x7e]/g, "")).toBe(plain.replaceAll(/[^\x20-\x7e]/g, ""));
      }),
    );
  });
});

describe("folding", () => {
  it("keeps every match in one stretch that is in view, and every character in one stretch", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("x".repeat(60), "DROP", "é", "\u{1f600}"), { maxLength: 80 }), (parts) => {
        const text = parts.join("");
        const found = stretches(text, ["DROP"]);
        expect(found.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
        const seen = found.filter(({ hidden }) => !hidden).map(({ from, to }) => text.slice(from, to));
        const matches = parts.filter((part) => part === "DROP").length;
        expect(seen.join("\n").split("DROP").length - 1).toBe(matches);
      }),
    );
  });
});
