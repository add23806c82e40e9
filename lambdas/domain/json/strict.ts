import { survivesRoundTrip } from "./decimal.ts";
import type { Json } from "./json.ts";
import type { Path } from "./path.ts";
import { walk } from "./walk.ts";

export type StrictJsonErrorCode = "not_json" | "duplicate_key" | "too_deep" | "unsafe_number" | "lone_surrogate";

/** Why a text was refused. The message never quotes the text: it may hold a secret. */
export class StrictJsonError extends Error {
  override readonly name = "StrictJsonError";
  readonly code: StrictJsonErrorCode;
  /** RFC 6901; empty when the whole text is meant. */
  readonly pointer: string;

  constructor(code: StrictJsonErrorCode, pointer: string, message: string) {
    super(pointer === "" ? message : `${message} at ${pointer}`);
    this.code = code;
    this.pointer = pointer;
  }
}

/**
 * Reads JSON that means the same to every parser. What two parsers could read differently is refused, for else the
 * gateway might decide on one call and the server run another.
 *
 * @param limits.depth how many containers may stand in one another; `[]` is one deep
 * @param limits.anyNumber whether numbers beyond a double pass: where nobody computes with them
 * @throws StrictJsonError with a code and the place
 */
export function readStrict(text: string, limits: { readonly depth: number; readonly anyNumber?: boolean }): Json {
  const value = parse(text);
  const names: Set<string>[] = [];
  const parsed: (Json | undefined)[] = [];
  let misread = false;
  walk(text, {
    open: (path) => {
      if (path.depth >= limits.depth) throw new StrictJsonError("too_deep", "", `nested deeper than ${limits.depth}`);
      names[path.depth] = new Set();
      const last = path.segments.at(-1);
      parsed[path.depth] = last === undefined ? value : memberOf(parsed[path.depth - 1], last);
    },
    key: (name, path) => {
      const known = names[path.depth - 1];
      if (known?.has(name)) throw new StrictJsonError("duplicate_key", place(path), "a member name occurs twice");
      known?.add(name);
      if (!name.isWellFormed())
        throw new StrictJsonError("lone_surrogate", place(path), "half a surrogate pair in a name");
      misread ||= memberOf(parsed[path.depth - 1], name) === undefined;
    },
    leaf: (token, path) => {
      const source = text.slice(token.offset, token.offset + token.length);
      if (token.kind === "number" && limits.anyNumber !== true && !survivesRoundTrip(source))
        throw new StrictJsonError("unsafe_number", place(path), "a number that a double cannot hold exactly");
      if (token.kind === "string" && !isWellFormed(source, token.escaped))
        throw new StrictJsonError("lone_surrogate", place(path), "half a surrogate pair in a string");
    },
  });
  return misread ? build(text) : value;
}

/**
 * Reads JSON of a server: it may repeat names and hold numbers beyond a double, but each name is read as it is spelled.
 * @throws StrictJsonError `not_json`
 */
export function readFaithful(text: string): Json {
  const value = parse(text);
  // Only an escaped name can be misread.
  if (!text.includes("\\")) return value;
  const parsed: (Json | undefined)[] = [];
  let misread = false;
  walk(text, {
    open: (path) => {
      const last = path.segments.at(-1);
      parsed[path.depth] = last === undefined ? value : memberOf(parsed[path.depth - 1], last);
    },
    key: (name, path) => {
      misread ||= memberOf(parsed[path.depth - 1], name) === undefined;
    },
  });
  return misread ? build(text) : value;
}

/** Longest place that an error names; it may hold whatever a caller calls its members. */
const LONGEST_PLACE = 200;
const place = (path: Path) => path.pointer().slice(0, LONGEST_PLACE).toWellFormed();

function memberOf(container: Json | undefined, name: string | number): Json | undefined {
  if (typeof container !== "object" || container === null || !Object.hasOwn(container, name)) return undefined;
  return (container as Readonly<Record<string | number, Json>>)[name];
}

/**
 * The value, made from the walk. V8 reads an escaped member name as another one that it met before in the same place
 * (nodejs/node#63785), so a caller could hide an argument; single strings it reads rightly.
 */
function build(text: string): Json {
  const containers: Record<string | number, Json>[] = [];
  let root: Json = null;
  const put = (path: Path, value: Json) => {
    const last = path.segments.at(-1);
    const parent = containers[path.depth - 1];
    if (last === undefined || parent === undefined) root = value;
    // Not an assignment: `__proto__` is a name like any other.
    else Object.defineProperty(parent, last, { value, enumerable: true, writable: true, configurable: true });
  };
  walk(text, {
    open: (path, isArray) => {
      const made = (isArray ? [] : {}) as Record<string | number, Json>;
      put(path, made as Json);
      containers[path.depth] = made;
    },
    leaf: ({ offset, length }, path) => put(path, JSON.parse(text.slice(offset, offset + length)) as Json),
  });
  return root;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new StrictJsonError("not_json", "", "not JSON");
  }
}

const isWellFormed = (source: string, escaped: boolean) =>
  (escaped ? (JSON.parse(source) as string) : source).isWellFormed();
