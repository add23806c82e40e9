import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { placesOf } from "../../lambdas/domain/evidence/hidden-forms.ts";
import { maskPlace, saidAt } from "../../lambdas/domain/evidence/masked-place.ts";
import { remaskBy } from "../../lambdas/domain/evidence/remask.ts";
import { parseMasking } from "../../lib/config/masking.ts";

const config = parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml");
const remasked = (missed: readonly string[], body: object) =>
  JSON.parse(remaskBy(config, undefined, missed)(JSON.stringify(body)).text);
/** Nothing tells that these words are a secret. */
const MISSED = "plain words that nobody could tell";
const base64 = (text: string, encoding: BufferEncoding = "utf8") => Buffer.from(text, encoding).toString("base64");

describe("a text that masking missed is masked", () => {
  test.each<[string, string, object, object]>([
    ["in a number", "492113", { a: 492113, b: 7 }, { a: 0, b: 7 }],
    ["in a number with a point", "123.4567", { lat: 123.4567 }, { lat: 0 }],
    ["in a longer number", "4921", { a: [492113] }, { a: [0] }],
    ["in a member's name", "hunter22", { hunter22: 1 }, { "[QUARANTINED]": 1 }],
    ["in part of a name", "hunter22", { "x-hunter22": { y: 1 } }, { "x-[QUARANTINED]": { y: 1 } }],
    ["of four characters, alone", "abcd", { a: "abcd" }, { a: "[QUARANTINED]" }],
    ["of four characters, among others", "abcd", { a: "is abcd." }, { a: "is [QUARANTINED]." }],
    ["of four characters, as a name", "abcd", { abcd: true }, { "[QUARANTINED]": true }],
    ["in a text and in JSON within it", MISSED, { a: `{"b":"${MISSED}"}` }, { a: '{"b":"[QUARANTINED]"}' }],
  ])("%s", (_, missed, body, expected) => {
    expect(remasked([missed], body)).toEqual(expected);
  });

  test("and the mask stays when it is masked again, also under a secret's name", () => {
    const once = remasked(["abcd"], { password: { note: "abcd" }, token: "[QUARANTINED]" });
    expect(once).toEqual({ password: { note: "[QUARANTINED]" }, token: "[QUARANTINED]" });
    expect(remasked([], once)).toEqual(once);
    expect(remasked(["[QUARANTINED]"], once)).toEqual(once);
  });
});

describe("where a text stands after all is told, and nothing is masked", () => {
  test.each<[string, object, string]>([
    [
      "in what clients match answers by",
      { jsonrpc: "2.0", id: 1, result: { nextCursor: MISSED } },
      "/result/nextCursor",
    ],
    ["in hexadecimal digits", { a: [`x ${Buffer.from(MISSED).toString("hex")}`] }, "/a/0"],
  ])("%s", (_, body, place) => {
    expect(() => remasked([MISSED], body)).toThrow(`cannot reach it, at "${place}": nothing was changed`);
  });
});

describe("a hidden form is found", () => {
  const coded = (before: string, encoding: BufferEncoding = "utf8") =>
    Buffer.concat([Buffer.from(before), Buffer.from(`${MISSED} é`, encoding)]).toString("base64");

  test.each<[string, object, string]>([
    ["in base64", { a: coded("") }, "/a"],
    ["in base64 that begins elsewhere", { a: `session-x${coded("b")}` }, "/a"],
    ["in base64 of three more bytes", { a: { b: coded("xyz") } }, "/a/b"],
    ["in base64 of two more bytes", { a: [1, coded("xy")] }, "/a/1"],
    ["in base64 for URLs, in lines", { a: (coded("??>>").match(/.{1,20}/g) ?? []).join("\n") }, "/a"],
    ["in base64 of Latin-1", { a: coded("\xe9", "latin1") }, "/a"],
    ["in base64 of UTF-16", { a: coded("x", "utf16le") }, "/a"],
    ["in a name in base64", { outer: { [coded("")]: 1 } }, "/outer"],
    ["plainly", { a: MISSED }, "/a"],
    ["in a number", { n: 12345678 }, "/n"],
  ])("%s", (_, body, place) => {
    expect(placesOf(JSON.stringify(body), [MISSED, "12345678"])).toEqual([place]);
  });

  test("in text that is no JSON, and no place is told that tells it", () => {
    expect(placesOf(`say ${MISSED}`, [MISSED])).toEqual([""]);
    expect(placesOf(JSON.stringify({ a: { [MISSED]: [MISSED] } }), [MISSED])).toEqual(["/a"]);
  });

  test("nowhere in a body without it, be it ever so long", () => {
    const noise = base64(Array.from({ length: 20_000 }, (_, at) => `${at * 7919}`).join());
    expect(
      placesOf(JSON.stringify({ a: noise, b: base64("plain words that anybody could tell") }), [MISSED, "ab12"]),
    ).toEqual([]);
  });
});

describe("a place is masked as a whole", () => {
  const body = JSON.stringify({
    result: { otp: 7, pin: "12", "a/b": [{ "~": "x" }], is: true, none: "", many: { a: "b" } },
  });

  test.each<[string, string[], string]>([
    ["/result/otp", ["7"], '"otp":0'],
    ["/result/pin", ["12"], '"pin":"[QUARANTINED]"'],
    ["/result/a~1b/0/~0", ["x"], '"~":"[QUARANTINED]"'],
  ])("%s", (pointer, said, shown) => {
    expect(saidAt(body, pointer)).toEqual(said);
    const { text, findings } = maskPlace(body, pointer);
    expect(text).toContain(shown);
    expect(text.length - shown.length).toBe(
      body.length - (shown.includes("otp") ? '"otp":7' : shown.replace("[QUARANTINED]", said[0] ?? "")).length,
    );
    expect(findings).toEqual([{ kind: "QUARANTINED", pointer, start: 0, length: said[0]?.length, tag: "" }]);
  });

  test.each(["/result/is", "/result/none", "/result/many", "/result/absent", "", "/result/pin/0"])(
    "nothing is at %s",
    (pointer) => {
      expect(saidAt(body, pointer)).toEqual([]);
      expect(maskPlace(body, pointer)).toEqual({ text: body, findings: [] });
    },
  );

  test("a name with half a surrogate pair is found, and what is told of it is well-formed", () => {
    const half = '{"\\ud800":"x"}';
    expect(maskPlace(half, "/\ud800")).toMatchObject({
      text: half.replace('"x"', '"[QUARANTINED]"'),
      findings: [{ pointer: "/\ufffd" }],
    });
  });

  test("a name that stands twice is masked twice, and what is no JSON has no places", () => {
    const twice = '{"a":"first","a":"second"}';
    expect(saidAt(twice, "/a")).toEqual(["first", "second"]);
    expect(maskPlace(twice, "/a").text).toBe('{"a":"[QUARANTINED]","a":"[QUARANTINED]"}');
    expect(saidAt("not JSON", "")).toEqual([]);
  });
});
