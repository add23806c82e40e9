import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMasking, maskJson, maskText } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const run = (value: unknown) => maskJson(JSON.stringify(value), rules, tag);
const masked = (value: unknown) => JSON.parse(run(value).text);

const GITHUB = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;
const NAMED = `GITHUB_TOKEN=${GITHUB}`;
const JSON_TEXT = JSON.stringify({ user: "ada", password: "Xk29qpLw7vv" });
const MANY = `# settings\n${NAMED}\nDB_PASSWORD=Xk29qpLw7\nREGION=eu-central-1\nMAIL=alice.smith@corp-example.org\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const folded = (text: string, width: number, end = "\n") =>
  text.match(new RegExp(`.{1,${width}}`, "g"))?.join(end) ?? "";

/** Whether anything of a text can be read from what is shown, at any of the places where base64 may begin. */
function shows(shown: string, secret: string): boolean {
  const letters = shown.replace(/[^A-Za-z0-9+/_-]/g, "");
  return [0, 1, 2, 3].some((skipped) =>
    Buffer.from(letters.slice(skipped), "base64").toString("latin1").includes(secret),
  );
}

describe("base64 in a text", () => {
  test.each([
    ["behind the parts of a path", "https://h.example/v1/auth/", ""],
    ["behind an underscore", "session_", ""],
    ["behind a dash", "blob-", ""],
    ["behind a plus", "a+", ""],
    ["behind a sign of assignment", "x=", ""],
    ["before the parts of a path", "https://h.example/", "/download"],
    ["behind a media type", "data:text/plain;base64,", ""],
    ["in quotes", '{"a":"', '"}'],
  ])("is read %s", (_, before, after) => {
    for (const said of [NAMED, JSON_TEXT, `{"a":"${GITHUB}"}`]) {
      const shown = maskText(`${before}${base64(said).replace(/=+$/, "")}${after}`, rules, tag).text;
      expect(shown).toMatch(/\[(?:GITHUB_TOKEN|PASSWORD|SECRET)\]/);
      expect(shows(shown, GITHUB.slice(8, 20)) || shows(shown, "Xk29")).toBe(false);
      expect(shown.startsWith(before)).toBe(true);
    }
  });

  test.each(["a", "ab", "tok", "abcde", "id7", "key42x"])(
    "is read behind %s, which nothing parts from it",
    (before) => {
      const shown = maskText(`${before}${base64(NAMED)}`, rules, tag).text;
      expect(shown).toContain("[GITHUB_TOKEN]");
      expect(shows(shown, GITHUB.slice(8, 20))).toBe(false);
    },
  );

  test.each([20, 24, 32, 40, 48, 64, 72, 76, 80])("is read in lines of %i", (width) => {
    for (const end of ["\n", "\r\n", "\n  ", " \n\t"])
      for (const before of ["", "data: ", "data:\n  ", "first line\n"]) {
        const shown = maskText(`${before}${folded(base64(MANY), width, end)}`, rules, tag).text;
        for (const secret of [GITHUB.slice(8, 20), "Xk29qpLw7", "alice.smith"])
          expect(shows(shown, secret)).toBe(false);
      }
  });

  test("in lines leaves the words behind it", () => {
    const shown = maskText(`${folded(base64(MANY), 40)}\nDone. All is well.`, rules, tag).text;
    expect(shown).toMatch(/^\[[A-Z_]+\]\nDone\. All is well\.$/);
  });

  test("is read of texts that are not of UTF-8, and beside bytes that are no text", () => {
    const bytes = [
      Buffer.from(`résumé\n${MANY}`, "latin1"),
      Buffer.from(`\ufeff${MANY}`, "utf16le"),
      Buffer.from(MANY, "utf16le").swap16(),
      Buffer.from(`A=1\0${NAMED}\0PATH=/bin\0`),
      Buffer.concat([Buffer.from([0, 1, 2, 0xff, 0xfe, 7]), Buffer.from(MANY), Buffer.from([3, 0x80])]),
    ];
    for (const each of bytes) {
      const shown = maskText(`x ${each.toString("base64")} y`, rules, tag).text;
      expect(shown).toMatch(/^x .*\[[A-Z_]+\].* y$/);
      const read = Buffer.from(shown.slice(2, -2), "base64").toString("latin1").replaceAll("\0", "");
      expect(read).not.toContain(GITHUB.slice(8, 20));
    }
  });

  test.each([20, 40, 64])("is read over the strings of an array and over texts, %i letters each", (width) => {
    const parts = base64(MANY).match(new RegExp(`.{1,${width}}`, "g")) ?? [];
    const result = run({
      lines: ["before", ...parts, "after"],
      content: parts.map((text) => ({ type: "text", text })),
    });
    const shown = JSON.parse(result.text) as { lines: string[]; content: { text: string }[] };
    for (const secret of [GITHUB.slice(8, 20), "Xk29qpLw7", "alice.smith"]) {
      expect(shows(shown.lines.slice(1, -1).join(""), secret)).toBe(false);
      expect(shows(shown.content.map(({ text }) => text).join(""), secret)).toBe(false);
    }
    expect(shown.lines).toHaveLength(parts.length + 2);
    expect([shown.lines[0], shown.lines.at(-1)]).toEqual(["before", "after"]);
    expect(maskJson(result.text, rules, tag).text).toBe(result.text);
  });

  test("of noise stays, and of texts without secrets", () => {
    const noise = Array.from({ length: 40 }, (_, at) =>
      Buffer.from(createHmac("sha512", "noise").update(`${at}`).digest()).toString("base64"),
    );
    const text = [
      ...noise,
      base64("the quick brown fox jumps over the lazy dog"),
      "src/some-path/with_many_words/in-it",
    ];
    expect(masked({ text, all: text.join("\n") })).toEqual({ text, all: text.join("\n") });
  });

  test("is masked for good: a second masking finds nothing, whatever stands around it", () => {
    const part = fc.oneof(
      fc.constantFrom(
        base64(NAMED),
        folded(base64(MANY), 40),
        base64(JSON_TEXT),
        "/",
        "-",
        "_",
        "\n",
        " ",
        "a",
        "==",
        "=",
      ),
      fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), (parts) => {
        const once = maskText(parts.join(""), rules, tag).text;
        expect(maskText(once, rules, tag).text).toBe(once);
        const group = run(parts).text;
        expect(maskJson(group, rules, tag).text).toBe(group);
        expect(JSON.parse(group)).toHaveLength(parts.length);
      }),
      { numRuns: 600 },
    );
  });

  test.each(["A", "QUFB", "Q", "YWJj\n", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1\n", "a/", "AEEA", "////"])(
    "takes time in step with its length: %s",
    (pattern) => {
      const time = (length: number) => {
        const text = JSON.stringify({ text: pattern.repeat(length / pattern.length) });
        const taken = [1, 2, 3].map(() => {
          const begun = process.cpuUsage();
          maskJson(text, rules, tag);
          return process.cpuUsage(begun).user / 1000;
        });
        return Math.min(...taken);
      };
      time(20_000);
      expect(time(800_000)).toBeLessThan(200 + 12 * time(200_000));
    },
    60_000,
  );
});

describe("escapes", () => {
  const first = GITHUB.charCodeAt(0);
  test.each([
    ["JavaScript's with braces", `\\u{67}${GITHUB.slice(1)}`],
    ["JavaScript's with braces and zeros", `\\u{000067}${GITHUB.slice(1)}`],
    ["Python's of eight digits", `\\U00000067${GITHUB.slice(1)}`],
    ["octal ones of shells", `$'\\147hp\\137${GITHUB.slice(4)}'`],
    ["octal ones of printf", `printf '%b' '\\0147hp\\0137${GITHUB.slice(4)}'`],
    ["octal ones, escaped again", `\\\\147${GITHUB.slice(1)}`],
    ["Perl's", `\\x{67}${GITHUB.slice(1)}`],
    ["those of old scripts", `%u0067${GITHUB.slice(1)}`],
    ["Markdown's", GITHUB.replaceAll("_", "\\_")],
    ["lines that go on", `${GITHUB.slice(0, 20)}\\\n${GITHUB.slice(20)}`],
    ["decimal ones of HTML with zeros", `&#0000${first};${GITHUB.slice(1)}`],
    ["hexadecimal ones of HTML with zeros", `&#X00067;${GITHUB.slice(1)}`],
    ["those of HTML without a semicolon", `gh&#112_${GITHUB.slice(4)}`],
    ["names of HTML", `ghp&lowbar;${GITHUB.slice(4)}`],
    ["names of HTML, escaped again", `ghp&amp;lowbar;${GITHUB.slice(4)}`],
    ["names of HTML, escaped three times", `ghp&amp;amp;#95;${GITHUB.slice(4)}`],
    ["what HTML does not show", `ghp&shy;_${GITHUB.slice(4)}`],
  ])("are read: %s", (_, text) => {
    const shown = masked({ a: `see ${text} now`, [text]: 1 });
    expect(JSON.stringify(shown)).not.toContain(GITHUB.slice(-16));
    expect(shown.a).toMatch(/^see .*\[GITHUB_TOKEN\].* now$/s);
  });

  test.each([
    ["{&quot;password&quot;:&quot;Xk29qpLw7vv&quot;}", "{&quot;password&quot;:&quot;[PASSWORD]&quot;}"],
    [
      "&lt;pre&gt;password=&quot;Xk29qpLw7vv&quot;&lt;/pre&gt;",
      "&lt;pre&gt;password=&quot;[PASSWORD]&quot;&lt;/pre&gt;",
    ],
    [
      "{&amp;quot;password&amp;quot;:&amp;quot;Xk29qpLw7vv&amp;quot;}",
      "{&amp;quot;password&amp;quot;:&amp;quot;[PASSWORD]&amp;quot;}",
    ],
    ["password&equals;Xk29qpLw7vv", "password&equals;[PASSWORD]"],
    ["password&colon; Xk29qpLw7vv", "password&colon; [PASSWORD]"],
    ["password\\075Xk29qpLw7vv", "password\\075[PASSWORD]"],
    ["mail alice.smith&commat;corp-example.org now", "mail [EMAIL_ADDRESS] now"],
    ["mail alice.smith&#0000064;corp&period;example&#46;org now", "mail [EMAIL_ADDRESS] now"],
    ["DB\\_PASSWORD=Xk29qpLw7vv", "DB\\_PASSWORD=[PASSWORD]"],
  ])("%s", (text, expected) => {
    expect(maskText(text, rules, tag).text).toBe(expected);
  });

  test.each(["a &lt; b &amp;&amp; c &gt; d", "&nbsp;&copy; 2026", "C:\\2024\\075\\x", "50% off \\o/", "a\\_b \\* c"])(
    "in harmless text stay: %s",
    (text) => {
      expect(maskText(text, rules, tag).text).toBe(text);
    },
  );

  test.each(["&amp;", "\\u{0", "&#0", "%25", "\\", "\\0", "&lt", "&#38;"])(
    "take time in step with their number: %s",
    (pattern) => {
      const time = (length: number) => {
        const begun = process.cpuUsage();
        maskText(pattern.repeat(length / pattern.length), rules, tag);
        return process.cpuUsage(begun).user / 1000;
      };
      time(20_000);
      expect(time(400_000)).toBeLessThan(200 + 12 * time(100_000));
    },
  );
});

test("names of members are read behind escapes and in base64, and stay apart", () => {
  const value = { "alice.smith%40corp-example.org": 1, [base64(NAMED)]: 2, "bob&commat;example.org": 3, plain_name: 4 };
  expect(masked(value)).toEqual({ "[EMAIL_ADDRESS]": 1, "[GITHUB_TOKEN]": 2, "[EMAIL_ADDRESS] 2": 3, plain_name: 4 });
});

describe("text that MCP carries in base64", () => {
  const SECRETS = [GITHUB, "Xk29!qpLw7", "alice.smith@corp-example.org"];
  const TEXT = `résumé\npassword: ${SECRETS[1]}\n${SECRETS[2]}\n${NAMED}\n`;
  const resource = (blob: string, mimeType = "text/plain") => ({ contents: [{ uri: "file:///a", mimeType, blob }] });
  const blobOf = (value: unknown) => (value as { contents: { blob: string }[] }).contents[0]?.blob ?? "";

  test.each<[string, Buffer, BufferEncoding]>([
    ["UTF-8", Buffer.from(TEXT), "utf8"],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`), "utf8"],
    ["UTF-8, cut in a character", Buffer.from(`${TEXT}é`).subarray(0, -1), "latin1"],
    ["Latin 1", Buffer.from(TEXT, "latin1"), "latin1"],
    ["UTF-16", Buffer.from(TEXT, "utf16le"), "utf16le"],
    ["UTF-16 with a mark", Buffer.from(`\ufeff${TEXT}`, "utf16le"), "utf16le"],
    ["UTF-16 with a mark, cut", Buffer.from(`\ufeff${TEXT}ab`, "utf16le").subarray(0, -1), "utf16le"],
    [
      "an environment, with zeros",
      Buffer.from(`HOME=/root\0${NAMED}\0PASSWORD=${SECRETS[1]}\0A=${SECRETS[2]}\0`),
      "latin1",
    ],
    ["a control character", Buffer.from(`${TEXT}\x01\x7f end`), "utf8"],
    [
      "many control characters",
      Buffer.from(`${"\x01\x02\x03\x04\x05\x06".repeat(20)}\n${TEXT}\0\0\0`, "latin1"),
      "latin1",
    ],
  ])("is masked within, and all else stays: %s", (_, bytes, encoding) => {
    for (const value of [
      resource(bytes.toString("base64")),
      { blob: bytes.toString("base64"), mimeType: "text/plain" },
    ]) {
      const result = run(value);
      const read = JSON.parse(result.text) as { blob?: string };
      const shown = Buffer.from(read.blob ?? blobOf(read), "base64").toString(encoding);
      expect(shown).toContain("[GITHUB_TOKEN]");
      for (const secret of SECRETS) expect(shown).not.toContain(secret);
      expect(shown.slice(0, 5)).toBe(bytes.toString(encoding).slice(0, 5));
      expect(maskJson(result.text, rules, tag).text).toBe(result.text);
    }
  });

  test("is masked within in UTF-16 that begins with the higher byte", () => {
    const bytes = Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16();
    const shown = Buffer.from(blobOf(masked(resource(bytes.toString("base64")))), "base64")
      .swap16()
      .toString("utf16le");
    expect(shown).toBe(`\ufeffrésumé\npassword: [PASSWORD]\n[EMAIL_ADDRESS]\nGITHUB_TOKEN=[GITHUB_TOKEN]\n`);
  });

  test("is base64 again, in whatever lines and letters it came", () => {
    const bytes = Buffer.from(`${TEXT}??>>~~`);
    for (const blob of [folded(bytes.toString("base64"), 76, "\r\n"), bytes.toString("base64").replace(/=+$/, "")]) {
      const shown = blobOf(masked(resource(blob)));
      expect(() => atob(shown)).not.toThrow();
      expect(Buffer.from(shown, "base64").toString()).toContain("[GITHUB_TOKEN]");
    }
    expect(blobOf(masked(resource(bytes.toString("base64url"))))).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test.each([
    ["type", "data", "mimeType"],
    ["mimeType", "type", "data"],
    ["data", "mimeType", "type"],
  ])("of an image that is text: %s, %s, %s", (...order) => {
    const data = base64(`<svg xmlns="http://www.w3.org/2000/svg"><text>alice.smith@corp-example.org</text></svg>`);
    const image: Record<string, string> = { type: "image", mimeType: "image/svg+xml", data };
    const shown = masked({ content: [Object.fromEntries(order.map((name) => [name, image[name]]))] });
    expect(atob(shown.content[0].data)).toContain("<text>[EMAIL_ADDRESS]</text>");
  });

  test("that cannot be encoded again becomes base64 of the mask, in any order of the members", () => {
    const secret = GITHUB;
    for (const value of [
      { type: "image", data: secret, mimeType: "image/png" },
      { mimeType: "image/png", data: secret },
      { uri: "a:b", blob: secret },
    ]) {
      const shown = masked(value) as { data?: string; blob?: string };
      expect(atob(shown.data ?? shown.blob ?? "")).toBe("[GITHUB_TOKEN]");
    }
    const log = { level: "info", data: GITHUB };
    expect(masked(log)).toEqual({ level: "info", data: "[GITHUB_TOKEN]" });
  });

  test("does not touch what is no text", () => {
    const png = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      ...Array.from({ length: 200 }, (_, at) => createHmac("sha512", "png").update(`${at}`).digest()),
    ]).toString("base64");
    const value = {
      content: [{ type: "image", data: png, mimeType: "image/png" }],
      contents: [{ uri: "a:b", blob: png }],
    };
    expect(masked(value)).toEqual(value);
  });
});
