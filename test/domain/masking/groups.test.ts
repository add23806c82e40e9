import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMasking, type MaskingRules, maskJson } from "../../../lambdas/domain/masking/index.ts";
import type { Rule } from "../../../lambdas/domain/masking/rule.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";
import { compileSigns } from "../../../lambdas/domain/masking/signs.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = () => "tag";
const examples = RULES.flatMap((rule) => [...rule.examples.map(({ text }) => text), ...rule.counterExamples]);
const isAcrossLines = (rule: Rule) => rule.family === "credential" && rule.acrossLines === true;
const VALUES = ["s3cr3t-Zk9vQ1", '"hunter2!"', "a note", "481 516", `${"A1b2/".repeat(8)}`];

describe.each(RULES.filter(isAcrossLines))("$kind", ({ find, signs = [] }) => {
  test("is not found where its signs stand in masks alone, and no sign of it goes over the end of a line", () => {
    expect(signs.filter((sign) => sign.includes("\n"))).toEqual([]);
    expect(signs.length).toBeGreaterThan(0);
    const look = compileSigns([{ ...(RULES[0] as Rule), digits: undefined, signs } as Rule]);
    const between = fc.constantFrom("\n", " ", "", ":", ": ", "=", ' = "', '"', "','", " is ", ">", "</a>", "<b>", "]");
    const piece = fc.oneof(fc.constantFrom(...rules.masks), fc.constantFrom(...VALUES), fc.constantFrom(...examples));
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, between), { minLength: 2, maxLength: 7 }), (pieces) => {
        const outside = pieces.map(([text, after]) => (rules.masks.has(text) ? "" : text) + after);
        fc.pre(
          outside.every((text) => {
            look.look(text, 0, text.length);
            return !look.sawAny();
          }),
        );
        const text = pieces.flat().join("");
        const found = find(text).map(({ start, end }) => text.slice(start, end));
        expect(found.filter((secret) => !rules.masks.has(secret))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** The same rules, of which those that may go over the ends of lines are asked about every text and every group. */
function askedAlways(): MaskingRules {
  const asked = rules.rules.map((rule) => {
    if (!isAcrossLines(rule)) return rule;
    const { signs: _, reach: __, ...rest } = rule;
    return rest;
  });
  return { ...rules, rules: asked, signs: compileSigns(asked) };
}

test("members of an object hold together what they hold when every rule is asked about every line", () => {
  const always = askedAlways();
  const secret = fc.constantFrom(...examples);
  const part = fc.tuple(secret, fc.nat(60), fc.boolean()).map(([text, at, isEnd]) => {
    return isEnd ? text.slice(at % (text.length + 1)) : text.slice(0, at % (text.length + 1));
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(secret, part), { minLength: 2, maxLength: 6 }), (texts) => {
      const document = JSON.stringify(Object.fromEntries(texts.map((text, at) => [`m${at}`, text])));
      expect(maskJson(document, rules, tag)).toEqual(maskJson(document, always, tag));
    }),
    { numRuns: 400 },
  );
});
