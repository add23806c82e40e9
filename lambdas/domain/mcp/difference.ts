import type { Json } from "../json/json.ts";
import { fairShare } from "./fair-share.ts";
import { isObject } from "./message.ts";

/** One place where two values differ: JSON text of what was and is there; null where nothing was or is. */
export interface Difference {
  /** RFC 6901. */
  readonly pointer: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Where two values differ. */
export interface Differences {
  readonly places: readonly Difference[];
  /** How many more places there are. */
  readonly leftOut: number;
}

/** Differences that are told unless somebody wants more. */
const MOST = 50;
/** What says most of a tool comes first, whatever else a server changes beside it. */
const FIRST = ["name", "description", "inputSchema"];

/**
 * Where two values differ, the outermost place at which only one of them has something, or a leaf.
 *
 * @param most places that are told: of more, each member of the whole has its share
 */
export function differences(before: Json | undefined, after: Json | undefined, most = MOST): Differences {
  const found: (readonly [pointer: string, was: Json | undefined, is: Json | undefined])[] = [];
  const compare = (one: Json | undefined, other: Json | undefined, pointer: string): void => {
    const members = membersOf(one, other);
    if (members !== undefined) {
      for (const [name, was, is] of members) compare(was, is, `${pointer}/${escaped(name)}`);
      return;
    }
    if (one === other || (one !== undefined && other !== undefined && JSON.stringify(one) === JSON.stringify(other)))
      return;
    found.push([pointer, one, other]);
  };
  compare(before, after, "");
  const told = fairShare(found, ([pointer]) => memberOf(pointer), most);
  return {
    places: told.map(([pointer, was, is]) => ({ pointer, before: textOf(was), after: textOf(is) })),
    leftOut: found.length - told.length,
  };
}

/** The member of the whole that a place is in. */
export const memberOf = (pointer: string): string => pointer.split("/", 2)[1] ?? "";

/** The members of two objects, or of two arrays, side by side; undefined for anything else. */
function membersOf(
  one: Json | undefined,
  other: Json | undefined,
): [string, Json | undefined, Json | undefined][] | undefined {
  if (Array.isArray(one) && Array.isArray(other))
    return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [String(at), one[at], other[at]]);
  if (!isObject(one) || !isObject(other)) return undefined;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return names.sort(byWeight).map((name) => [name, own(one, name), own(other, name)]);
}

/** Names that are alike in weight stay as they stand. */
const byWeight = (one: string, other: string): number => weightOf(one) - weightOf(other);
const weightOf = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** A server may name a property `constructor`. */
const own = (of: { readonly [key: string]: Json }, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);

const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1").toWellFormed();

const textOf = (value: Json | undefined) => (value === undefined ? null : JSON.stringify(value));
