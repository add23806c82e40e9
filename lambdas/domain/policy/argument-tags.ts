import { CountersignError } from "../error.ts";

/**
 * Most values of one call where a policy computes the name of a tag; more is refused, because a `forbid` that cannot see
 * an argument would not forbid. A tag that is named is found among any number.
 */
export const MOST_TAGS = 10_000;
/** Deepest nesting; a client's message ends earlier, what a server says does not. */
export const DEEPEST_TAG = 100;
/** Most characters of all pointers together: a long name over many members is written once for each of them. */
export const MOST_POINTER_CHARACTERS = 8_388_608;

/** Names of the tags that policies look at; "all" where one of them computes a name, which then may be any. */
export type TagsAsked = ReadonlySet<string> | "all";

/**
 * Arguments as Cedar tags: one text for each JSON pointer (RFC 6901). Numbers, booleans and null are given as JSON
 * writes them, a container as `{}` or `[]`, so that its presence can be asked for. Caller JSON never becomes Cedar
 * JSON: there `__entity` or `__extn` would turn into a real entity or extension value.
 *
 * @param value parsed arguments of a call; undefined when it has none
 * @param asked the pointers that policies name: Cedar takes longer to read all arguments than to evaluate the policies
 * @throws CountersignError `bad_request` when there are more values than MOST_TAGS, or deeper ones than DEEPEST_TAG
 */
export function argumentTags(value: unknown, asked: TagsAsked = "all"): Record<string, string> {
  if (asked === "all") return allTags(value);
  const found: [string, string][] = [];
  for (const pointer of asked) {
    const at = valueAt(value, pointer);
    if (at !== undefined) found.push([pointer, textOf(at)]);
  }
  return Object.fromEntries(found);
}

function allTags(value: unknown): Record<string, string> {
  const tags: [string, string][] = [];
  let characters = 0;
  visit(value, (entry, pointer) => {
    characters += pointer.length;
    if (characters > MOST_POINTER_CHARACTERS) throw tooMuch("the names in the arguments are too long together");
    tags.push([pointer, textOf(entry)]);
  });
  return Object.fromEntries(tags);
}

/** Every value with its pointer; without recursion, so that depth costs no stack. */
function visit(value: unknown, each: (entry: unknown, pointer: string) => void): void {
  if (value === undefined) return;
  const open: { readonly entry: unknown; readonly pointer: string; readonly depth: number }[] = [
    { entry: value, pointer: "", depth: 0 },
  ];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { entry, pointer, depth } = next;
    seen += 1;
    refuseMore(seen + open.length, depth);
    each(entry, pointer);
    if (typeof entry !== "object" || entry === null) continue;
    const members = Object.entries(entry);
    refuseMore(members.length, depth);
    for (const [name, child] of members)
      if (child !== undefined) open.push({ entry: child, pointer: `${pointer}/${escapeName(name)}`, depth: depth + 1 });
  }
}

function refuseMore(values: number, depth: number): void {
  if (values > MOST_TAGS) throw tooMuch(`more than ${MOST_TAGS} values in the arguments`);
  if (depth > DEEPEST_TAG) throw tooMuch(`arguments nested deeper than ${DEEPEST_TAG} levels`);
}

const escapeName = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

const textOf = (entry: unknown): string => {
  if (typeof entry === "string") return entry;
  if (typeof entry !== "object" || entry === null) return JSON.stringify(entry);
  return Array.isArray(entry) ? "[]" : "{}";
};

/** The value at a JSON pointer; undefined where there is none. A text that is no pointer names nothing. */
function valueAt(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  if (!pointer.startsWith("/")) return undefined;
  let at = value;
  for (const token of pointer.slice(1).split("/")) {
    if (/~(?![01])/.test(token)) return undefined;
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    // Own members alone, and of an array its items alone: `length` is nobody's argument.
    if (typeof at !== "object" || at === null || !Object.prototype.propertyIsEnumerable.call(at, name))
      return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

const tooMuch = (message: string) => new CountersignError("bad_request", message);
