import { walk } from "./walk.ts";

/**
 * Whether an object has two members of one name: parsers differ in which of them they take.
 *
 * @param text JSON that `JSON.parse` has accepted
 * @param depth how deep objects are looked at: 0 is not at all, 1 is the root alone
 */
export function repeatsName(text: string, depth: number): boolean {
  if (depth === 0) return false;
  const names: Set<string>[] = [];
  let repeats = false;
  walk(text, {
    open: (path, isArray) => {
      if (!isArray && path.depth < depth) names[path.depth] = new Set();
    },
    key: (name, path) => {
      if (path.depth > depth) return;
      const known = names[path.depth - 1];
      repeats ||= known?.has(name) ?? false;
      known?.add(name);
    },
  });
  return repeats;
}
