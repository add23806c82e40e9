import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";

/** A string, a number or a boolean somewhere in the arguments. */
export interface ArgumentLeaf {
  /** RFC 6901. */
  readonly pointer: string;
  /** The pointer without the places in lists: the same for all items. */
  readonly path: string;
  /** Of a number its digits: `1e3` is `1000`. */
  readonly value: string;
  /** The last member name on the way to it that is no number; empty where there is none. */
  readonly name: string;
  /** Set for the name of a member: `{ "rm -rf /": true }` says it as well as a value would. */
  readonly isName?: true;
  /** Set for what is no string: text for an expression, and for no parser. */
  readonly isBare?: true;
}

/** `{ "0": … }` is a list by another name. */
const IS_NUMBER = /^\d+$/;
/** A name that says more than names do. */
const TELLING = /[^\w$.-]|^\.|^id_/;

/** Every leaf of a value, in its order, and names that could be more; without recursion, so depth costs no stack. */
export function leavesOf(value: Json): readonly ArgumentLeaf[] {
  const leaves: ArgumentLeaf[] = [];
  const open: { readonly value: Json; readonly pointer: string; readonly path: string; readonly name: string }[] = [
    { value, pointer: "", path: "", name: "" },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: at, pointer, path, name } = next;
    if (typeof at === "string") leaves.push({ pointer, path, value: at, name });
    else if (typeof at === "number" || typeof at === "boolean")
      leaves.push({ pointer, path, value: bareText(at), name, isBare: true });
    else if (Array.isArray(at))
      for (let i = at.length - 1; i >= 0; i -= 1)
        open.push({ value: at[i] as Json, pointer: `${pointer}/${i}`, path, name });
    else if (typeof at === "object" && at !== null) {
      const members = Object.entries(at);
      for (const [own] of members)
        if (TELLING.test(own)) {
          const step = pointerOf([own]);
          leaves.push({ pointer: pointer + step, path: path + step, value: own, name: own, isName: true });
        }
      for (const [own, member] of members.reverse()) {
        const step = pointerOf([own]);
        const isPosition = IS_NUMBER.test(own);
        open.push({
          value: member,
          pointer: pointer + step,
          path: isPosition ? path : path + step,
          name: isPosition ? name : own,
        });
      }
    }
  }
  return leaves;
}

/** All digits of a number: an expression that counts them must not take `1e+21` for a small one. */
const bareText = (value: number | boolean) =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= 1e21
    ? String(BigInt(value))
    : String(value);
