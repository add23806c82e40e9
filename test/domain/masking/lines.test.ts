import { describe, expect, test } from "vitest";
import type { Span } from "../../../lambdas/domain/masking/rule.ts";
import { RULES } from "../../../lambdas/domain/masking/rules/index.ts";

const moved = (spans: readonly Span[], by: number) =>
  spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
const sorted = (spans: readonly Span[]) => spans.toSorted((a, b) => a.start - b.start || a.end - b.end);

describe.each(RULES.filter((rule) => rule.family === "credential" && !rule.acrossLines))(
  "$kind",
  ({ find, examples, counterExamples }) => {
    test("finds in two lines what it finds in each", () => {
      const texts = [...examples.map(({ text }) => text), ...counterExamples].filter((text) => !text.includes("\n"));
      for (const text of texts)
        for (let cut = 0; cut <= text.length; cut += 1)
          for (const [first, second] of [
            [text.slice(0, cut), text.slice(cut)],
            [text, text.slice(cut)],
            [text.slice(0, cut), text],
          ] as const)
            expect(sorted(find(`${first}\n${second}`)), `${first}⏎${second}`).toEqual(
              sorted([...find(first), ...moved(find(second), first.length + 1)]),
            );
    });
  },
);
