import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leavesOf } from "../../console/src/approval/leaves.ts";
import { stretches } from "../../console/src/text/folding.ts";
import { lookalikesIn } from "../../console/src/text/lookalikes.ts";
import { type Mark, markingsOf } from "../../console/src/text/marking.ts";
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
    ["a word of twins and a digit", "\u0441\u043e\u04402", ["U+0441", "U+043E", "U+0440"]],
    ["a number with letters for noughts", "1\u041e\u041e", ["U+041E", "U+041E"]],
    ["a letter alone", "\u0430", ["U+0430"]],
    ["a letter alone among Latin words", "rm \u0430 b", ["U+0430"]],
    ["a letter alone in a name", "prod_\u0430 \u044d\u0442\u043e", ["U+0430"]],
    ["a letter alone in a path, beside prose", "rm -rf /\u0430 \u041f\u0440\u0438\u0432\u0435\u0442", ["U+0430"]],
    ["a letter alone behind a sign, beside prose", "host=\u0430 \u041f\u0440\u0438\u0432\u0435\u0442", ["U+0430"]],
    ["a letter alone as an option, beside prose", "x -\u0430 \u044d\u0442\u043e", ["U+0430"]],
    ["a letter for a nought, beside prose", "1\u041e \u041f\u0440\u0438\u0432\u0435\u0442", ["U+041E"]],
    ["a Cherokee word of twins", "\u13a2\u13aa", ["U+13A2", "U+13AA"]],
    ["a Lisu word of twins", "\ua4f0\ua4ec", ["U+A4F0", "U+A4EC"]],
    ["a dash that is no hyphen", "rm \u2013rf", ["U+2013"]],
    ["colons that are none", "s3\u0589 s3\u05c3", ["U+0589", "U+05C3"]],
    ["bars that are no pipe", "a \u2223 sh \u01c0 sh", ["U+2223", "U+01C0"]],
    ["strokes that are no slash", "\u2571 \u29f5 \u27cb", ["U+2571", "U+29F5", "U+27CB"]],
    ["a star that is none", "rm \u2217", ["U+2217"]],
    ["letters that are struck out", "n\u0336o\u0338", ["U+0336", "U+0338"]],
    ["a letter in a circle", "a\u20dd", ["U+20DD"]],
    ["wide forms of ASCII", "\uff52m", ["U+FF52"]],
    ["mathematical letters", "\u{1d42b}oot", ["U+1D42B"]],
    ["a slash that is none", "etc\u2215passwd", ["U+2215"]],
    ["a bidi override", "a\u202eb", ["U+202E"]],
    ["a zero-width space", "a\u200bb", ["U+200B"]],
    ["a line break", "a\nb", ["\\n"]],
  ])("%s is named", (_what, text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  it.each([
    "plain text 1.2/3:4",
    "Привет, мир",
    "Привет, а это я",
    "работа с AWS, т.е. в облаке",
    "Καλημέρα",
    "Größe: 5 m²",
    "日本語のテキスト",
    "naïve café",
  ])("%s is shown as it is", (text) => {
    expect(named(text)).toEqual([]);
  });

  it("are those of the whole text, also in a part of it", () => {
    const text = "evil.exampl\u0435";
    expect(visibleText("\u0435", lookalikesIn(text), text.length - 1)).toEqual([{ kind: "lookalike", text: "U+0435" }]);
  });

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

describe("what is marked in a value", () => {
  const mark = (pointer: string, match: string, cut = false): Mark => ({ pointer, match, cut });
  const text = `${"SELECT 1, ".repeat(200)} DROP TABLE x`;
  const inFull = { matches: [text], folds: false };

  it("is the match where it stands there as it is; the value may fold around it", () => {
    const markingOf = markingsOf({ sql: text, other: text }, [mark("/sql", "DROP TABLE x")]);
    expect(markingOf("/sql", text)).toEqual({ matches: ["DROP TABLE x"], folds: true });
    expect(markingOf("/other", text)).toEqual({ matches: [], folds: true });
  });

  it.each([
    ["is only a beginning", mark("/sql", text.slice(0, 200), true)],
    ["was decoded", mark("/sql", "rm -rf /")],
    ["says nothing", mark("/sql", "")],
  ])("is the whole value where the match %s", (_what, wrong) => {
    expect(markingsOf({ sql: text }, [wrong])("/sql", text)).toEqual(inFull);
  });

  it("is the whole value where one of its matches is not found in it", () => {
    const marks = [mark("/sql", "DROP TABLE x"), mark("/sql", "GRANT ALL")];
    expect(markingsOf({ sql: text }, marks)("/sql", text)).toEqual(inFull);
  });

  it("leaves the values beside it open where words were put together", () => {
    const args = { deep: { command: "bash", args: ["-c", text] }, body: text };
    for (const pointer of ["/deep/command", "/deep/args"]) {
      const markingOf = markingsOf(args, [mark(pointer, "bash -c SELECT 1")]);
      expect(markingOf("/deep/args/1", text).folds, pointer).toBe(false);
      expect(markingOf("/body", text).folds, pointer).toBe(true);
    }
  });

  it("leaves everything open where the place is not known", () => {
    const markingOf = markingsOf({ a: { sql: text } }, [mark("", "SELECT 1")]);
    expect(markingOf("/a/sql", text)).toEqual({ matches: ["SELECT 1"], folds: false });
    expect(markingsOf(undefined, [mark("/a", "DROP")])("", text)).toEqual({ matches: ["DROP"], folds: false });
  });

  it("is, of a value that is too deep for the tree, all that was found below it", () => {
    const below = { sql: `${text}\n` };
    const shown = JSON.stringify(below);
    const found = mark("/a~1b/0/sql", "DROP TABLE x");
    const markingOf = (...marks: Mark[]) => markingsOf({ "a/b": [below] }, marks)("/a~1b/0", shown);
    expect(markingOf(found)).toEqual({ matches: ["DROP TABLE x"], folds: true });
    expect(markingOf(found, mark("/a~1b/0/sql", "x\n"))).toEqual({ matches: [shown], folds: false });
  });
});

describe("arguments that a limit can name", () => {
  it("are read by the names that they have", () => {
    // V8's JSON.parse takes the second name for the first one's (nodejs/node#63785).
    const args = { seed: { uu: "a", "D:\\\\": "readme" }, files: { uu: "a", "D:\\x": "other" } };
    expect(leavesOf(JSON.stringify(args)).offered.at(-1)).toEqual({ pointer: "/files/D:\\x", value: "other" });
  });

  it("are those that a field shows as they are", () => {
    const plain = { path: "/tmp/x", "a b": "c d" };
    const others = {
      "pa\u200bth": "x",
      lines: "a\nb",
      token: "[JWT]",
      key: "[own_kind, 12 characters]",
      "end ": "x",
      two: "a  b",
    };
    const { offered, someLeftOut } = leavesOf(JSON.stringify({ ...others, ...plain }));
    expect(offered).toEqual([
      { pointer: "/path", value: "/tmp/x" },
      { pointer: "/a b", value: "c d" },
    ]);
    expect(someLeftOut).toBe(true);
    expect(leavesOf(JSON.stringify(plain)).someLeftOut).toBe(false);
  });
});
