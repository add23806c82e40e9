import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { type Allowance, covers, matches, type Right } from "./right.ts";

const may = (action: string, resource: string, conditions: Allowance["conditions"] = {}) => ({
  action,
  resource,
  conditions,
});
const did = (action: string, resource: string, context?: Right["context"]): Right => ({
  action,
  resource,
  ...(context === undefined ? {} : { context }),
});
const compared = (allowed: Allowance[], used: Right[], apart: Parameters<typeof compare>[1]["apart"] = []) =>
  compare("gateway", { allowed, used, apart, plain: (arn) => arn });
const NOTHING = { needless: [], missing: [], stale: [] };

describe("a difference between what is allowed and what is used", () => {
  test("is none when each is there for the other", () => {
    const allowed = [may("s3:GetObject", "arn:aws:s3:::vault/bodies/*")];
    expect(compared(allowed, [did("s3:GetObject", "arn:aws:s3:::vault/bodies/a/b")])).toEqual(NOTHING);
  });

  test("is a right that nothing uses", () => {
    expect(compared([may("s3:GetObject", "a"), may("s3:PutObject", "a")], [did("s3:GetObject", "a")])).toEqual({
      ...NOTHING,
      needless: ["s3:PutObject on a"],
    });
  });

  test("is a use that nothing allows, by its action, its resource or its condition", () => {
    const allowed = [may("dynamodb:Query", "t", { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "mail#*" } })];
    const mail = did("dynamodb:Query", "t", { "dynamodb:LeadingKeys": ["mail#a"] });
    expect(compared(allowed, [mail])).toEqual(NOTHING);
    for (const other of [
      did("dynamodb:Scan", "t"),
      did("dynamodb:Query", "t/index/i", { "dynamodb:LeadingKeys": ["mail#a"] }),
      did("dynamodb:Query", "t", { "dynamodb:LeadingKeys": ["approval#a"] }),
      did("dynamodb:Query", "t"),
    ])
      expect(compared(allowed, [mail, other]).missing).toEqual([`${other.action} on ${other.resource}`]);
  });

  test("is not what is listed apart, for the functions that it is listed for", () => {
    const entry = { actions: ["sqs:SendMessage"], resource: /^queue$/, why: "Lambda does it" };
    expect(compared([may("sqs:SendMessage", "queue")], [], [entry])).toEqual(NOTHING);
    expect(compared([may("sqs:SendMessage", "queue")], [], [{ ...entry, functions: ["audit"] }]).needless).toEqual([
      "sqs:SendMessage on queue",
    ]);
  });

  test("is an entry of that list which is used after all, or no longer allowed", () => {
    const entry = { actions: ["sqs:SendMessage"], resource: /^queue$/, why: "Lambda does it" };
    const stale = { ...NOTHING, stale: ["sqs:SendMessage on ^queue$"] };
    expect(compared([may("sqs:SendMessage", "queue")], [did("sqs:SendMessage", "queue")], [entry])).toEqual(stale);
    expect(compared([], [], [entry])).toEqual(stale);
  });
});

test("a pattern means what IAM means by it", () => {
  expect(matches("arn:aws:s3:::a.b/*", "arn:aws:s3:::a.b/c/d")).toBe(true);
  expect(matches("arn:aws:s3:::a.b/*", "arn:aws:s3:::aXb/c")).toBe(false);
  expect(matches("secret:name-??????", "secret:name-AbC123")).toBe(true);
  expect(matches("secret:name-??????", "secret:name-other-AbC123")).toBe(false);
});

test("a condition that nothing here can judge is an error, and not a yes", () => {
  const allowance = may("kms:Decrypt", "key", { NumericLessThan: { "kms:Age": "3" } });
  expect(() => covers(allowance, did("kms:Decrypt", "key"))).toThrow("no test was written for the condition");
});
