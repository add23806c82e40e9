import { survivesRoundTrip } from "./decimal.ts";
import type { Json } from "./json.ts";
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
 * @throws StrictJsonError with a code and the place
 */
export function readStrict(text: string, limits: { readonly depth: number }): Json {
  const value = parse(text);
  const names: Set<string>[] = [];
  walk(text, {
    open: (path) => {
      if (path.depth >= limits.depth) throw new StrictJsonError("too_deep", "", `nested deeper than ${limits.depth}`);
      names[path.depth] = new Set();
    },
    key: (name, path) => {
      const known = names[path.depth - 1];
      if (known?.has(name)) throw new StrictJsonError("duplicate_key", path.pointer(), "a member name occurs twice");
      known?.add(name);
      if (!name.isWellFormed())
        throw new StrictJsonError("lone_surrogate", path.pointer(), "half a surrogate pair in a name");
    },
    leaf: (token, path) => {
      const source = text.slice(token.offset, token.offset + token.length);
      if (token.kind === "number" && !survivesRoundTrip(source))
        throw new StrictJsonError("unsafe_number", path.pointer(), "a number that a double cannot hold exactly");
      if (token.kind === "string" && !isWellFormed(source, token.escaped))
        throw new StrictJsonError("lone_surrogate", path.pointer(), "half a surrogate pair in a string");
    },
  });
  return value;
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
