import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileMasking, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const TOKEN = `${"gh"}p_${"16C7e42F292c6912E7710c838347Ae178B4a"}`;
const SMALL = 20_000;
/** Twice twice as long may take twice twice as long, and what else a busy machine adds: less than three times for each. */
const MOST = 3 ** 2;
/** Milliseconds of processor time that are measured at once, for the clock ticks every four. */
const MEASURED = 60;
/** Milliseconds that a large text may cost however little the small one does. */
const SLACK = 2;

const filled = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));
const many = <T>(length: number, each: number, make: (at: number) => T) =>
  Array.from({ length: Math.ceil(length / each) }, (_, at) => make(at));
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A document of about a length, in many shapes. */
const SHAPES: Readonly<Record<string, (length: number) => unknown>> = {
  "one long honest text": (length) => filled("The quick brown fox jumps over the lazy dog. ", length),
  "a text full of tokens": (length) => filled(`use ${TOKEN} now, `, length),
  "a text full of addresses": (length) => filled("ada@example.com, ", length),
  "a text full of assignments": (length) => filled('password="Xk29qpLw7vT5m" ', length),
  "a text full of numbers": (length) => filled("4111 1111 1111 1111 ", length),
  "digits without an end": (length) => filled("1234567890", length),
  "letters without an end": (length) => filled("a", length),
  "beginnings of keys": (length) => filled("-----BEGIN PRIVATE KEY-----", length),
  "beginnings of keys, cut off": (length) => many(length, 75, () => `-----BEGIN ${"A ".repeat(32)}`),
  "beginnings of keys and what may go on with them": (length) =>
    many(length, 43, (at) => (at % 2 === 0 ? "-----BEGIN " : `${"A ".repeat(36)}A-`)),
  "tables in Markdown": (length) => many(length, 44, (at) => `| a ${at} | b |\n|----|----|\n| one | two |`),
  "beginnings of tokens": (length) => filled("eyJ", length),
  quotes: (length) => filled('"', length),
  backslashes: (length) => filled("\\", length),
  "percent signs": (length) => filled("%25", length),
  entities: (length) => filled("&quot;a&amp;", length),
  brackets: (length) => filled("[", length),
  "one run of base64": (length) => base64(filled("nothing but words, ", (length * 3) / 4)),
  "a run of base64 with secrets": (length) => base64(filled(`token ${TOKEN}, `, (length * 3) / 4)),
  "base64 parted by slashes": (length) => filled(`/${base64("just some more words")}`, length),
  "base64 in lines": (length) => filled(`${base64("some words for a line of base64")}\n`, length),
  "a blob": (length) => ({ mimeType: "text/plain", blob: base64(filled(`say ${TOKEN}, `, (length * 3) / 4)) }),
  "many short texts": (length) => many(length, 12, (at) => `word ${at}`),
  "many texts with a token": (length) => many(length, 50, () => `use ${TOKEN}`),
  "many halves of a token": (length) => many(length, 25, (at) => (at % 2 === 0 ? TOKEN.slice(0, 20) : TOKEN.slice(20))),
  "many numbers": (length) => many(length, 17, (at) => 4111111111111111 + at),
  "many names": (length) => Object.fromEntries(many(length, 20, (at) => [`name number ${at}`, 1])),
  "many secret names": (length) => Object.fromEntries(many(length, 30, (at) => [`u${at}@example.com`, "x"])),
  "many named values": (length) => many(length, 50, (at) => ({ value: `Xk29qpLw${at}`, name: "DB_PASSWORD" })),
  "JSON within a text": (length) => JSON.stringify(many(length, 40, (at) => ({ password: `Xk29qpLw${at}` }))),
  "messages of a conversation": (length) => many(length, 60, () => ({ type: "text", text: `login: password=` })),
};

/** Milliseconds of processor time for one masking, the least of three measurings. */
function timeOf(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage();
    for (let runs = 1; ; runs += 1) {
      maskJson(text, rules, () => "");
      const { user, system } = process.threadCpuUsage(before);
      const spent = (user + system) / 1000;
      if (spent >= MEASURED) return spent / runs;
    }
  });
  return Math.min(...times);
}

describe("a text that is four times as long takes not much more than four times as long", () => {
  test.each(Object.entries(SHAPES))("%s", (_, shape) => {
    const [small, large] = [SMALL, SMALL * 4].map((length) => JSON.stringify({ result: shape(length) })) as [
      string,
      string,
    ];
    expect(large.length / small.length).toBeCloseTo(4, 0);
    // The first look at a shape compiles what it runs.
    timeOf(small);
    const [before, after] = [timeOf(small), timeOf(large)];
    expect(after, `${before} ms, then ${after} ms`).toBeLessThan(MOST * before + SLACK);
  });
});
