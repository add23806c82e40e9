import { expect, test } from "vitest";
import { phoneNumber } from "../../../lambdas/domain/masking/rules/personal/phone-number.ts";

test("digits that are no number are not cut in every way there is", () => {
  const text = "11010519491231002X ".repeat(10_000);
  const begun = process.cpuUsage();
  expect(phoneNumber.find(text)).toEqual([]);
  const { user, system } = process.cpuUsage(begun);
  // Cut in every way, each of them takes half a millisecond.
  expect((user + system) / 1000).toBeLessThan(1000);
});

test("a number of up to five digits is no telephone's, and hides none behind it", () => {
  const found = (text: string) => phoneNumber.find(text).map(({ start, end }) => text.slice(start, end));
  expect(found("12345 x678")).toEqual([]);
  expect(found("room 12345, +44 20 7946 0958")).toEqual(["+44 20 7946 0958"]);
  expect(found("(212) 555-0123 x42 and 020 7946 0018")).toEqual(["(212) 555-0123 x42", "020 7946 0018"]);
});
