import { createHmac, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { compileMasking, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");

/** What a caller sees of a stream's texts, and what is open behind them. */
function shown(pieces: readonly string[]): { readonly texts: readonly string[]; readonly open: string | undefined } {
  let open: string | undefined;
  const texts = pieces.map((piece) => {
    const params = { level: "info", logger: "app/main", data: piece };
    const result = maskJson(
      JSON.stringify({ jsonrpc: "2.0", method: "notifications/message", params }),
      rules,
      tag,
      open,
    );
    open = result.open;
    const masked = JSON.parse(result.text) as { params: { logger: string; data: string } };
    expect(masked.params.logger).toBe("app/main");
    return masked.params.data;
  });
  return { texts, open };
}

let pem = "";
beforeAll(() => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
});

const WORDS = "starting; loading /usr/local/lib/python3.11/site-packages and InternationalizationServiceFactory\n";
/** Twelve characters of a line of the key that are seen. */
const partsSeen = (text: string) =>
  pem
    .split("\n")
    .slice(1, -2)
    .flatMap((line) => Array.from({ length: line.length - 11 }, (_, at) => line.slice(at, at + 12)))
    .filter((part) => text.includes(part));

describe.each(["", "stdout: ", "2026-11-22T00:00:00Z [worker-3] "])("a key behind %j", (prefix) => {
  test("shows nothing of itself, wherever its pieces are cut, and is over when its end has come", () => {
    for (let length = 40; length <= 800; length += 19) {
      const pieces = (WORDS + pem + WORDS).match(new RegExp(`[\\s\\S]{1,${length}}`, "g")) ?? [];
      const { texts, open } = shown(pieces.map((piece) => prefix + piece));
      expect(partsSeen(texts.join("")), `${length}`).toEqual([]);
      expect(open, `${length}`).toBeUndefined();
    }
  });

  test("shows nothing of itself line by line, and the lines around it stay", () => {
    const lines = [WORDS, ...pem.trimEnd().split("\n"), WORDS].map((line) => prefix + line);
    const { texts } = shown(lines);
    expect(partsSeen(texts.join("\n"))).toEqual([]);
    expect([texts[0], texts.at(-1)]).toEqual([lines[0], lines.at(-1)]);
  });
});

test.each(["", "stdout: ", "2026-11-22 10:00:00 ", "INFO "])(
  "a mark behind %j is told from its parts, cut at any place",
  (prefix) => {
    const lines = pem.split("\n");
    const [begin = "", first = ""] = lines;
    for (let cut = 4; cut < begin.length; cut += 1) {
      const { texts, open } = shown([
        prefix + begin.slice(0, cut),
        "half way",
        `${prefix}${begin.slice(cut)}\n${first}`,
      ]);
      expect(texts[1]).toBe("half way");
      expect(texts[2], `${cut}`).not.toContain(first.slice(0, 12));
      expect(open?.split("\n")[0]).toBe("PRIVATE_KEY");
    }
  },
);

test("what a stream says before the end that is no key stays", () => {
  const between = [
    "half way there, 3 of 12 files",
    "/Users/ada/Documents/ReportsOfTheYear/final",
    "notifications/initialized",
  ];
  const { texts } = shown([pem.slice(0, 300), ...between, pem.slice(300)]);
  expect(texts.slice(1, -1)).toEqual(between);
});

test("dashes at the end of a text open nothing", () => {
  const lines = ["-----", "-----BEGIN", "words PRIVATE things----", `${"Ab3".repeat(12)}`];
  expect(shown(lines).texts).toEqual(lines);
});
