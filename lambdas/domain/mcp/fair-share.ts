/**
 * Chooses as many items as there is room for, in their order: of each group the first, then of each the second, and so on. A
 * group of many hides none of the others.
 */
export function fairShare<T>(items: readonly T[], groupOf: (item: T) => unknown, most: number): readonly T[] {
  if (items.length <= most) return items;
  const ranked = [...Map.groupBy(items, groupOf).values()].flatMap((group) =>
    group.map((item, rank) => ({ item, rank })),
  );
  const chosen = new Set(
    ranked
      .sort((one, other) => one.rank - other.rank)
      .slice(0, most)
      .map(({ item }) => item),
  );
  return items.filter((item) => chosen.has(item));
}
