import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { differences } from "../../../lambdas/domain/mcp/difference.ts";

const pointers = (before: Json, after: Json) => differences(before, after).places.map(({ pointer }) => pointer);
const numbered = (name: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, "x"]));

describe("the difference of two definitions", () => {
  test("names each place with what was and is there", () => {
    const before = { description: "a", inputSchema: { properties: { "x/y": { type: "string" }, z: 1 } }, list: [1, 2] };
    const after = {
      description: "b",
      inputSchema: { properties: { "x/y": { type: "number" }, n: {} } },
      list: [1, 2, 3],
    };
    expect(differences(before, after)).toEqual({
      places: [
        { pointer: "/description", before: '"a"', after: '"b"' },
        { pointer: "/inputSchema/properties/n", before: null, after: "{}" },
        { pointer: "/inputSchema/properties/x~1y/type", before: '"string"', after: '"number"' },
        { pointer: "/inputSchema/properties/z", before: "1", after: null },
        { pointer: "/list/2", before: null, after: "3" },
      ],
      leftOut: 0,
    });
  });

  test("begins with what says most of a tool, however many other places a server changes", () => {
    const before = { name: "t", description: "Reads", inputSchema: {}, annotations: {} };
    const flooded = {
      annotations: numbered("a", 50),
      name: "t",
      inputSchema: { z: 1 },
      description: "Reads, and sends",
    };
    expect(pointers(before, flooded).slice(0, 3)).toEqual(["/description", "/inputSchema/z", "/annotations/a0"]);
    expect(differences(before, flooded)).toMatchObject({ places: { length: 50 }, leftOut: 2 });
  });

  test("has a place of each member that differs, also behind a member that was flooded", () => {
    const flooded = { inputSchema: numbered("p", 1000), Description: "and this", title: "T", outputSchema: {} };
    const told = pointers({ inputSchema: {} }, flooded);
    expect(told).toHaveLength(50);
    expect(told).toEqual(expect.arrayContaining(["/Description", "/title", "/outputSchema"]));
    expect(differences({ inputSchema: {} }, flooded).leftOut).toBe(953);
  });

  test("is whole for who wants it whole", () => {
    const many = numbered("p", 1000);
    expect(differences({}, many, Infinity)).toMatchObject({ places: { length: 1000 }, leftOut: 0 });
  });

  test("sees members that every object seems to have", () => {
    const places = [{ pointer: "/constructor", before: null, after: '"x"' }];
    expect(differences({}, { constructor: "x" })).toEqual({ places, leftOut: 0 });
  });

  test("names places in text that is well-formed", () => {
    expect(pointers({}, { "\ud800": 1 })).toEqual(["/\ufffd"]);
  });

  test("is empty exactly for equal values", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
        const [a, b] = [one, other].map((value) => JSON.parse(JSON.stringify(value)) as Json) as [Json, Json];
        expect(differences(a, structuredClone(a)).places).toEqual([]);
        let equal = true;
        try {
          expect(a).toEqual(b);
        } catch {
          equal = false;
        }
        expect(differences(a, b).places.length === 0).toBe(equal);
      }),
    );
  });
});
