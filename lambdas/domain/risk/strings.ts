import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";

/** A string somewhere in the arguments. */
export interface StringLeaf {
  /** RFC 6901. */
  readonly pointer: string;
  readonly value: string;
  /** The last member name on the way to it that is no number; empty where there is none. */
  readonly name: string;
  /** Set for the name of a member: `{ "rm -rf /": true }` says it as well as a value would. */
  readonly isName?: true;
}

/** `{ "0": … }` is a list by another name. */
const IS_NUMBER = /^\d+$/;
/** A name that says more than names do. */
const TELLING = /[^\w$.-]|^\.|^id_/;

/** Every string of a value, in its order, and names that could be more; without recursion, so depth costs no stack. */
export function stringsOf(value: Json): readonly StringLeaf[] {
  const leaves: StringLeaf[] = [];
  const open: { readonly value: Json; readonly pointer: string; readonly name: string }[] = [
    { value, pointer: "", name: "" },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: at, pointer, name } = next;
    if (typeof at === "string") leaves.push({ pointer, value: at, name });
    else if (Array.isArray(at))
      for (let i = at.length - 1; i >= 0; i -= 1) open.push({ value: at[i] as Json, pointer: `${pointer}/${i}`, name });
    else if (typeof at === "object" && at !== null) {
      const members = Object.entries(at);
      for (const [own] of members)
        if (TELLING.test(own))
          leaves.push({ pointer: pointer + pointerOf([own]), value: own, name: own, isName: true });
      for (const [own, member] of members.reverse())
        open.push({ value: member, pointer: pointer + pointerOf([own]), name: IS_NUMBER.test(own) ? name : own });
    }
  }
  return leaves;
}
