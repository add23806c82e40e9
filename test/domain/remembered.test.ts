import { expect, test } from "vitest";
import { madeOnce, Remembered } from "../../lambdas/domain/remembered.ts";

test("what is remembered stays until one more would be too many, and then everything is forgotten", () => {
  const known = new Remembered<string, number>(2);
  known.set("a", 1).set("b", 2);
  expect([...known]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  // Nothing new: it stays as it is.
  known.set("b", 3);
  expect([...known.values()]).toEqual([1, 3]);
  known.set("c", 4);
  expect([...known]).toEqual([["c", 4]]);
});

test("an object's work is done once, also when nothing comes of it", () => {
  let made = 0;
  const lengthOf = madeOnce(({ length }: { length: number }) => {
    made += 1;
    return length === 0 ? undefined : length;
  });
  const [one, none] = [["x"], []];
  expect([lengthOf(one), lengthOf(one), lengthOf(none), lengthOf(none)]).toEqual([1, 1, undefined, undefined]);
  expect(made).toBe(2);
  expect(lengthOf(["x"])).toBe(1);
  expect(made).toBe(3);
});
