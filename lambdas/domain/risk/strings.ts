import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";

/** A string somewhere in the arguments. */
export interface StringLeaf {
  /** RFC 6901. */
  readonly pointer: string;
  readonly value: string;
}

/** Every string of a value, in its order; without recursion, so depth costs no stack. Member names are not values. */
export function stringsOf(value: Json): readonly StringLeaf[] {
  const leaves: StringLeaf[] = [];
  const open: { readonly value: Json; readonly path: readonly (string | number)[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: at, path } = next;
    if (typeof at === "string") leaves.push({ pointer: pointerOf(path), value: at });
    else if (Array.isArray(at))
      for (let i = at.length - 1; i >= 0; i -= 1) open.push({ value: at[i] as Json, path: [...path, i] });
    else if (typeof at === "object" && at !== null)
      for (const [name, member] of Object.entries(at).reverse()) open.push({ value: member, path: [...path, name] });
  }
  return leaves;
}
