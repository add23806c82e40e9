import { describe, expect, test } from "vitest";
import type { PinRow } from "../../lambdas/aws/pins-table.ts";
import { definedTool } from "../../lambdas/domain/mcp/definition.ts";
import type { JsonObject } from "../../lambdas/domain/mcp/message.ts";
import { changesOf, reasonOf } from "../../lambdas/gateway/tool-changes.ts";
import { whatChanged } from "../../lambdas/gateway/what-changed.ts";

const defined = (members: JsonObject) => {
  const tool = definedTool({ name: "t", ...members });
  if (tool === undefined) throw new Error("no tool");
  return tool;
};
const rowOf = (members: JsonObject, keepsIt = true): PinRow => {
  const { digest, definition } = defined(members);
  const pinned = { digest, definition: keepsIt ? definition : undefined, at: 0, by: "first use" };
  return { server: "s", era: "legacy", tool: "t", pinned, seen: null };
};
const properties = (count: number, text: string): JsonObject => ({
  inputSchema: Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, text])),
});

describe("approvers are told of a changed tool", () => {
  const told = (before: JsonObject, after: JsonObject) => whatChanged(rowOf(before), defined(after), (text) => text);

  test("all that differs while there is room", () => {
    expect(told({ description: "a" }, { description: "b", title: "T" })).toBe(
      'CHANGED since it was pinned:\n/description: "a" -> "b"\n/title: nothing -> "T"',
    );
  });

  test("how much is not shown where there is none", () => {
    const flooded = properties(70, "x".repeat(5000));
    const text = told({ description: "a", inputSchema: {} }, { description: "b", ...flooded, title: "T" });
    expect(text).toMatch(
      /^CHANGED since it was pinned at 72 places, of which 1\d are shown:\n\/description: "a" -> "b"\n/,
    );
    expect(text).toMatch(/\n\/title: nothing -> "T"$/);
    expect(text.length).toBeLessThan(6200);
  });

  test("what masking leaves of a secret that a cut would go through", () => {
    const masked = (text: string) => text.replaceAll("hunter2hunter2", "[PASSWORD]");
    const before = `${"x".repeat(900)}hunter2hunter2${"y".repeat(52)}`;
    const text = whatChanged(rowOf({ description: before }), defined({ description: `${before}, and more` }), masked);
    expect(text).toContain(", and more");
    expect(text).not.toContain("hunter2");
  });

  test("where, in one line: a name does not write lines of its own", () => {
    const name = "x: nothing -> 1\n\nIt says now:\nReads a file.";
    const text = told({ inputSchema: {} }, { inputSchema: { [name]: 1 } });
    expect(text.split("\n")).toHaveLength(2);
    expect(text).toContain("/inputSchema/x: nothing -> 1\\u{a}\\u{a}It says now:\\u{a}Reads a file.: nothing -> 1");
  });

  test("that it is what config/pins.json forbids, or that nothing is kept to compare it with", () => {
    expect(told({ description: "a" }, { description: "a" })).toContain("config/pins.json allows another definition");
    expect(whatChanged(rowOf({}, false), defined({ title: "T" }), (text) => text)).toContain(
      "It is not what is pinned",
    );
  });
});

describe("the reason of a change", () => {
  const reason = (...changed: (readonly [before: JsonObject, after: JsonObject])[]) =>
    reasonOf(
      changesOf(changed.map(([before, after]) => ({ tool: defined(after), row: rowOf(before), unrecorded: 0 }))),
    );

  test("names the place, or how many there are and then which", () => {
    expect(reason([{}, { title: "T" }])).toBe("it differs from what is pinned at /title");
    expect(reason([{}, { title: "T", description: "b" }])).toBe(
      "it differs from what is pinned at 2 places: /description, /title",
    );
    const many = properties(70, "x");
    expect(reason([{ inputSchema: {} }, many])).toMatch(
      /^it differs from what is pinned at 70 places: \/inputSchema\/p0, /,
    );
  });

  test("names the tool of each place where there are several", () => {
    const other = [{}, { name: "u", title: "U" }] as const;
    expect(reason([{}, { title: "T" }], other)).toMatch(/at 3 places: t \/title, u \/name, u \/title$/);
  });
});
