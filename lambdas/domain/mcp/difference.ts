import type { Json } from "../json/json.ts";
import { isObject } from "./message.ts";

/** One place where two values differ: JSON text of what was and is there; null where nothing was or is. */
export interface Difference {
  /** RFC 6901. */
  readonly pointer: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Differences that are told, and characters of each value: more is not read. */
const MOST = 50;
const LONGEST = 500;

/** Where two values differ, the outermost place at which only one of them has something, or a leaf. */
export function differences(before: Json | undefined, after: Json | undefined): readonly Difference[] {
  const found: Difference[] = [];
  const compare = (one: Json | undefined, other: Json | undefined, pointer: string): void => {
    if (found.length === MOST) return;
    const members = membersOf(one, other);
    if (members !== undefined) {
      for (const [name, was, is] of members) compare(was, is, `${pointer}/${escaped(name)}`);
      return;
    }
    if (one === other || (one !== undefined && other !== undefined && JSON.stringify(one) === JSON.stringify(other)))
      return;
    found.push({ pointer, before: shown(one), after: shown(other) });
  };
  compare(before, after, "");
  return found;
}

/** The members of two objects, or of two arrays, side by side; undefined for anything else. */
function membersOf(
  one: Json | undefined,
  other: Json | undefined,
): [string, Json | undefined, Json | undefined][] | undefined {
  if (Array.isArray(one) && Array.isArray(other))
    return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [String(at), one[at], other[at]]);
  if (!isObject(one) || !isObject(other)) return undefined;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return names.map((name) => [name, own(one, name), own(other, name)]);
}

/** A server may name a property `constructor`. */
const own = (of: { readonly [key: string]: Json }, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);

const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1").slice(0, LONGEST).toWellFormed();

const shown = (value: Json | undefined) =>
  value === undefined ? null : JSON.stringify(value).slice(0, LONGEST).toWellFormed();
