import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../../lambdas/domain/json/canonical.ts";
import { readStrict, StrictJsonError } from "../../lambdas/domain/json/strict.ts";
import { faultsOf, jsonText, mutated, nested, numberToken, readValue } from "./support/json-text.ts";
import { runs } from "./support/runs.ts";

/** Equal down to the sign of zero; members named `constructor` or `__proto__` are members like any other. */
const same = (one: unknown, other: unknown) =>
  expect(isDeepStrictEqual(one, other), `${JSON.stringify(one)} is not ${JSON.stringify(other)}`).toBe(true);

/** What `readStrict` makes of a text; anything but its own error is a crash. */
function outcome(text: string, depth: number): { value: unknown } | { error: StrictJsonError } {
  try {
    return { value: readStrict(text, { depth }) };
  } catch (error) {
    if (error instanceof StrictJsonError) return { error };
    throw error;
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return { value: readValue(text) };
}

/** Holds `readStrict` against JSON.parse and against faults that were found in another way. */
function hold(text: string, depth: number): void {
  const seen = outcome(text, depth);
  const expected = parsed(text);
  if (expected === undefined) {
    expect(seen).toMatchObject({ error: { code: "not_json" } });
    return;
  }
  const faults = faultsOf(text, depth);
  if ("value" in seen) {
    expect([...faults]).toEqual([]);
    same(seen.value, expected.value);
  } else expect([...faults]).toContain(seen.error.code);
}

describe("readStrict against JSON.parse", () => {
  test("accepts the same value or refuses for a fault that is there", () => {
    fc.assert(
      fc.property(jsonText, fc.constantFrom(3, 64), (text, depth) => hold(text, depth)),
      runs(3000),
    );
  });

  test("of texts with one place changed", () => {
    fc.assert(
      fc.property(mutated(jsonText), (text) => hold(text, 64)),
      runs(3000),
    );
  });

  test("of any depth", () => {
    fc.assert(
      fc.property(nested, fc.integer({ min: 0, max: 70 }), (text, depth) => hold(text, depth)),
      runs(500),
    );
  });

  test("of any number", () => {
    fc.assert(
      fc.property(numberToken, (token) => hold(token, 1)),
      runs(3000),
    );
  });

  test("of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => hold(text, 64)),
      runs(500),
    );
  });

  // V8 takes an escaped name for one that it saw before where the source begins alike (nodejs/node#63785, open): what
  // one caller sends decides how the next message is read.
  test("reads every name as it is spelled, whatever was read before", () => {
    const name = fc.constantFrom("arguments", "command", "bucketName", "name", "uri", "x", '"', "\\", "\n", "é");
    fc.assert(
      fc.property(name, fc.nat(), (member, place) => {
        const at = place % member.length;
        const spelled = `${member.slice(0, at)}\\u${member.charCodeAt(at).toString(16).padStart(4, "0")}${member.slice(at + 1)}`;
        fc.pre(!/["\n]|\\(?!u)/.test(spelled));
        const before = JSON.stringify({ first: 1, [spelled.slice(0, member.length)]: 2 });
        JSON.parse(before);
        const text = `{"first":1,"${spelled}":"value"}`;
        const seen = outcome(text, 64);
        if ("value" in seen) same(seen.value, { first: 1, [member]: "value" });
      }),
      runs(200),
    );
  });

  test("a refusal never quotes the text beyond member names", () => {
    const secret = "hunter2hunter2";
    fc.assert(
      fc.property(mutated(jsonText), (text) => {
        const seen = outcome(`["${secret}",${text}]`, 64);
        if ("error" in seen) expect(seen.error.message).not.toContain(secret);
      }),
      runs(500),
    );
  });
});

/** The same value with one zero. */
function oneZero(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(oneZero);
  if (value === null || typeof value !== "object") return value === 0 ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, oneZero(member)]));
}

/** The same value with the members of every object in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe("canonical", () => {
  /** Values as a client can send them: parsed, so that `__proto__` is a member like any other. */
  const value = jsonText
    .filter((text) => {
      const faults = faultsOf(text, 64);
      return !faults.has("lone_surrogate") && !faults.has("unsafe_number");
    })
    .map((text) => readValue(text) as object);

  test("says the same value", () => {
    fc.assert(
      fc.property(value, (json) => {
        // JSON has one zero (RFC 8785 section 3.2.2.3).
        same(readValue(canonical(json)), oneZero(json));
      }),
      runs(1500),
    );
  });

  test("is its own canonical form", () => {
    fc.assert(
      fc.property(value, (json) => {
        const text = canonical(json);
        expect(canonical(readValue(text) as object)).toBe(text);
      }),
      runs(1500),
    );
  });

  test("does not depend on the order of members", () => {
    fc.assert(
      fc.property(value, (json) => {
        expect(canonical(reversed(json) as object)).toBe(canonical(json));
      }),
      runs(1500),
    );
  });

  test("is what readStrict accepts", () => {
    fc.assert(
      fc.property(value, (json) => {
        same(readStrict(canonical(json), { depth: 1000 }), readValue(canonical(json)));
      }),
      runs(500),
    );
  });

  test("halves of surrogate pairs have none, wherever they stand", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const json = JSON.parse(text, (_name, member) => (typeof member === "number" ? 0 : member));
        if (JSON.stringify(json).match(/(?<!\\)(\\\\)*\\ud[89a-f]/)) expect(() => canonical(json)).toThrow("surrogate");
      }),
      runs(1000),
    );
  });
});
