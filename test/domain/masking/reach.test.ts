import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileMasking, MaskingError, maskJson, maskText } from "../../../lambdas/domain/masking/index.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const run = (value: unknown, open?: string) => maskJson(JSON.stringify(value), rules, tag, open);
const masked = (value: unknown) => JSON.parse(run(value).text) as unknown;

const KEY_ID = `${"AK"}IA${"IOSFODNN7EXAMPLE"}`;
const SECRET_KEY = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/");
const GITHUB = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;
const DASHES = "-".repeat(5);
const PEM = [
  `${DASHES}BEGIN RSA ${"PRIVATE"} KEY${DASHES}`,
  "MIIEowIBAAKCAQEAwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYxwJalrXUtn",
  "FEMIK7MDENGbPxRfiCYEXAMPLEKEYwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE",
  `${DASHES}END RSA ${"PRIVATE"} KEY${DASHES}`,
];
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("secrets as names of members", () => {
  test("are masked, and stay apart", () => {
    const result = run({ "ada@example.com": 1, [GITHUB]: { a: "bob@example.com" }, "eve@example.com": 2, plain: 3 });
    expect(JSON.parse(result.text)).toEqual({
      "[EMAIL_ADDRESS]": 1,
      "[GITHUB_TOKEN]": { a: "[EMAIL_ADDRESS]" },
      "[EMAIL_ADDRESS] 2": 2,
      plain: 3,
    });
    expect(result.findings.map(({ tag: _, ...finding }) => finding)).toEqual([
      { kind: "EMAIL_ADDRESS", pointer: "/[EMAIL_ADDRESS]", inName: true, start: 0, length: 15 },
      { kind: "GITHUB_TOKEN", pointer: "/[GITHUB_TOKEN]", inName: true, start: 0, length: 40 },
      { kind: "EMAIL_ADDRESS", pointer: "/[GITHUB_TOKEN]/a", start: 0, length: 15 },
      { kind: "EMAIL_ADDRESS", pointer: "/[EMAIL_ADDRESS] 2", inName: true, start: 0, length: 15 },
    ]);
    expect(result.findings[0]?.tag).toBe(tag("ada@example.com"));
  });

  test("are found behind escapes", () => {
    const result = maskJson(`{"mail:\\u0061da@example.com\\n":"x"}`, rules, tag);
    expect(result.text).toBe('{"mail:[EMAIL_ADDRESS]\\n":"x"}');
  });

  test("never take the name of another member", () => {
    expect(masked({ "[EMAIL_ADDRESS]": 1, "ada@example.com": 2 })).toEqual({
      "[EMAIL_ADDRESS]": 1,
      "[EMAIL_ADDRESS] 2": 2,
    });
    expect(() => run({ "ada@example.com": 2, "[EMAIL_ADDRESS]": 1 })).toThrow(MaskingError);
  });
});

describe("secrets over several strings", () => {
  test("of lines in an array", () => {
    expect(masked({ lines: ["before", ...PEM, "after"] })).toEqual({
      lines: ["before", ...PEM.map(() => "[PRIVATE_KEY]"), "after"],
    });
  });

  test("of a token parted between two texts of an answer", () => {
    const result = run({
      content: [
        { type: "text", text: `use ${GITHUB.slice(0, 2)}` },
        { type: "text", text: `${GITHUB.slice(2, 20)}` },
        { type: "text", text: `${GITHUB.slice(20)} now` },
      ],
    });
    expect(JSON.parse(result.text).content.map(({ text }: { text: string }) => text)).toEqual([
      "use [GITHUB_TOKEN]",
      "[GITHUB_TOKEN]",
      "[GITHUB_TOKEN] now",
    ]);
    expect(result.findings.map(({ pointer, start, length }) => [pointer, start, length])).toEqual([
      ["/content/0/text", 4, 2],
      ["/content/1/text", 0, 18],
      ["/content/2/text", 0, 20],
    ]);
  });

  test("of a key beside its id", () => {
    expect(masked({ id: KEY_ID, other: SECRET_KEY })).toEqual({
      id: "[AWS_ACCESS_KEY_ID]",
      other: "[AWS_SECRET_ACCESS_KEY]",
    });
    expect(masked([KEY_ID, SECRET_KEY])).toEqual(["[AWS_ACCESS_KEY_ID]", "[AWS_SECRET_ACCESS_KEY]"]);
  });

  test("of a command's words", () => {
    expect(masked({ args: ["mysql", "--password", "hunter2x", "-h", "db"] })).toEqual({
      args: ["mysql", "--password", "[PASSWORD]", "-h", "db"],
    });
  });

  test("but not of strings that only look so together", () => {
    const value = {
      a: ["gh", "p"],
      b: [KEY_ID.slice(0, 3), "x"],
      c: ["token", "price", "12"],
      d: ["password", "hash"],
    };
    expect(masked(value)).toEqual(value);
  });
});

describe("secrets in other writing", () => {
  test.each([
    ["percent escapes", `mail=ada%40example.com&x=1`, "mail=[EMAIL_ADDRESS]&x=1"],
    ["percent escapes, escaped again", `q=ada%252540example.com`, "q=[EMAIL_ADDRESS]"],
    ["a percent-encoded assignment", `state=password%3Dhunter2x%26a`, "state=password%3D[PASSWORD]%26a"],
    ["escapes of JavaScript", `var k = "\\u0041${KEY_ID.slice(1)}";`, `var k = "[AWS_ACCESS_KEY_ID]";`],
    ["escapes of a shell", `$'\\x41${KEY_ID.slice(1)}'`, "$'[AWS_ACCESS_KEY_ID]'"],
    ["entities of HTML", "<p>ada&#64;example.com</p>", "<p>[EMAIL_ADDRESS]</p>"],
    ["base64", `data:text/plain;base64,${base64(`token ${GITHUB}`)}`, "data:text/plain;base64,[GITHUB_TOKEN]"],
    ["base64 in base64", `x ${base64(base64(`token ${GITHUB}`))} y`, "x [GITHUB_TOKEN] y"],
    ["base64 of JSON", `x ${base64(JSON.stringify({ a: { password: "hunter2x" } }))}`, "x [PASSWORD]"],
    [
      "base64 in lines",
      base64(`${"some words, ".repeat(9)}${GITHUB} ${"more ".repeat(20)}`).replace(/.{76}/g, "$&\n"),
      "[GITHUB_TOKEN]",
    ],
    [
      "base64 as PowerShell takes it",
      `-enc ${Buffer.from(`$t = "${GITHUB}"`, "utf16le").toString("base64")}`,
      "-enc [GITHUB_TOKEN]",
    ],
  ])("%s", (_, text, expected) => {
    expect(maskText(text, rules, tag).text).toBe(expected);
    expect(masked({ text })).toEqual({ text: expected });
  });

  test.each([
    [
      "an image",
      `data:image/png;base64,${Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 37) % 256)).toString("base64")}`,
    ],
    ["a text without secrets", base64("the quick brown fox jumps over the lazy dog")],
    ["a hash", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"],
    ["a path", "C:\\new\\users\\table and 100%"],
    ["percent signs", "50%25 off, 100 %"],
  ])("%s stays", (_, text) => {
    expect(maskText(text, rules, tag).text).toBe(text);
  });

  test("that goes on too deeply withholds the message", () => {
    const deep = [1, 2, 3, 4].reduce((text) => base64(text), `the token ${GITHUB}`);
    expect(() => maskText(deep, rules, tag)).toThrow(MaskingError);
  });

  test("text in a blob is masked within, and is base64 again", () => {
    const file = `{"password": "hunter2x"}\nand é`;
    const result = run({ contents: [{ uri: "x:y", mimeType: "text/plain", blob: base64(file) }] });
    const blob = (JSON.parse(result.text) as { contents: { blob: string }[] }).contents[0]?.blob ?? "";
    expect(Buffer.from(blob, "base64").toString()).toBe(file.replace("hunter2x", "[PASSWORD]"));
    expect(result.findings).toEqual([
      { kind: "PASSWORD", pointer: "/contents/0/blob", start: 14, length: 8, tag: tag("hunter2x") },
    ]);
    expect(maskJson(result.text, rules, tag).findings).toEqual([]);
  });
});

describe("across the messages of a stream", () => {
  const log = (data: string) => ({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data } });

  test("a key that was begun goes on until its end", () => {
    const messages = [PEM.slice(0, 2).join("\n"), PEM[2], `${PEM[3]} done`, PEM[1]].map((line) => log(line ?? ""));
    let open: string | undefined;
    const shown = messages.map((message) => {
      const result = run(message, open);
      open = result.open;
      return (JSON.parse(result.text) as ReturnType<typeof log>).params;
    });
    expect(shown.map(({ data }) => data)).toEqual(["[PRIVATE_KEY]", "[PRIVATE_KEY]", "[PRIVATE_KEY] done", PEM[1]]);
    expect(shown.map(({ level }) => level)).toEqual(["info", "info", "info", "info"]);
  });

  test("other words in between are left alone", () => {
    const { open } = run(log(PEM.slice(0, 2).join("\n")));
    const between = run(log("half way"), open);
    expect(JSON.parse(between.text)).toEqual(log("half way"));
    expect(between.open).toBe("PRIVATE_KEY");
  });
});

describe("whatever is wrong with a message", () => {
  test("a hundred levels of nesting are read to the ground", () => {
    const nested = `${'{"a":['.repeat(100)}"${GITHUB}"${"]}".repeat(100)}`;
    expect(maskJson(nested, rules, tag).text).toContain('"[GITHUB_TOKEN]"');
  });

  test("a string of four megabytes is read to its end", () => {
    const { text } = run({ a: `${"some words and more ".repeat(200_000)}${GITHUB}` });
    expect(text).toContain("[GITHUB_TOKEN]");
    expect(text).not.toContain(GITHUB);
  }, 30_000);

  test("halves of surrogate pairs hide nothing", () => {
    expect(maskJson(`{"a":"\\ud800 ${GITHUB} \\udc00"}`, rules, tag).text).toBe(
      '{"a":"\\ud800 [GITHUB_TOKEN] \\udc00"}',
    );
  });

  test("a rule that fails withholds it", () => {
    const failing = compileMasking({ rules: [], allow: [], own: [{ kind: "OWN", pattern: "x" }] });
    const [rule] = failing.rules;
    if (rule === undefined) throw new Error("there is one rule");
    const find = () => {
      throw new Error(`quotes ${GITHUB}`);
    };
    expect(() => maskText(GITHUB, { ...failing, rules: [{ ...rule, find }] }, tag)).toThrow(MaskingError);
    expect(() => maskText(GITHUB, { ...failing, rules: [{ ...rule, find }] }, tag)).not.toThrow(GITHUB);
  });
});

test("the signs of every rule let its own examples through", () => {
  const missed = RULES.flatMap((rule) =>
    rule.examples
      .filter(({ text, secret }) =>
        maskText(text, compileMasking({ rules: [rule.kind], allow: [], own: [] }), tag).text.includes(secret),
      )
      .map(({ text }) => `${rule.kind}: ${text}`),
  );
  expect(missed).toEqual([]);
});
