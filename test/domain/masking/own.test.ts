import { expect, test } from "vitest";
import { compileMasking, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";

const rules = compileMasking({
  rules: RULES.map(({ kind }) => kind),
  allow: [],
  own: [
    { kind: "EMPLOYEE_NUMBER", pattern: "\\bE-\\d{6}\\b" },
    { kind: "DESK", pattern: "\\b77\\d{4}\\b" },
    { kind: "ROOM", pattern: "\\bP\\d{3}\\b" },
    { kind: "SITE", pattern: "\\b12\\.75\\d+" },
  ],
});
const masked = (source: string) => {
  const { text } = maskJson(source, rules, () => "tag");
  expect(maskJson(text, rules, () => "tag").text).toBe(text);
  return text;
};

test("an own kind is masked in names of members, which stay apart", () => {
  expect(masked('{"E-123456":1,"of E-123457":{"P123":2},"E-123458":3}')).toBe(
    '{"[EMPLOYEE_NUMBER]":1,"of [EMPLOYEE_NUMBER]":{"[ROOM]":2},"[EMPLOYEE_NUMBER] 2":3}',
  );
});

test("an own kind is masked in numbers, however short, and with a point", () => {
  expect(masked('{"a":771234,"b":[7712345,-771234],"c":12.753,"d":12.5}')).toBe(
    '{"a":0,"b":[7712345,0],"c":0,"d":12.5}',
  );
  expect(masked("771234")).toBe("0");
});

test("an own kind is masked in strings, however short", () => {
  expect(masked('["P123","P12","x P123"]')).toBe('["[ROOM]","P12","x [ROOM]"]');
  expect(masked('{"a":"[\\"P123\\"]"}')).toBe('{"a":"[\\"[ROOM]\\"]"}');
});
