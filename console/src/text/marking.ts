/** The text that a risk was found by, and where (RFC 6901, from the root of the arguments; empty: somewhere in the call). */
export interface Mark {
  readonly pointer: string;
  readonly match: string;
  /** Whether `match` is only the beginning of what matched. */
  readonly cut: boolean;
}

/** What is marked in a value, and whether the value may fold. */
export interface Marking {
  readonly matches: readonly string[];
  readonly folds: boolean;
}

/**
 * Tells of each value of the arguments, as it is drawn, what is marked in it. What a risk was found by need not stand there as
 * its match says: it may be longer, or decoded, or put together from the values beside it. Then the value is marked whole, and
 * nothing beside it folds, or a harmless beginning would be in view and what matched out of it.
 *
 * @param root the arguments
 */
export function markingsOf(root: unknown, marks: readonly Mark[]): (pointer: string, text: string) => Marking {
  const loose = marks.filter((mark) => !isFound(mark, textAt(root, mark.pointer)));
  return (pointer, text) => {
    // A value that is too deep for the tree is drawn with all that is below it.
    const own = marks.filter((mark) => isWithin(mark.pointer, pointer));
    if (own.some((mark) => !isFound(mark, text))) return { matches: [text], folds: false };
    const near = loose.filter((mark) => isWithin(pointer, mark.pointer.slice(0, mark.pointer.lastIndexOf("/"))));
    return { matches: [...new Set([...own, ...near].map(({ match }) => match))], folds: near.length === 0 };
  };
}

const isFound = ({ match, cut }: Mark, text = "") => match !== "" && !cut && text.includes(match);

const isWithin = (pointer: string, outer: string) => pointer === outer || pointer.startsWith(`${outer}/`);

function textAt(root: unknown, pointer: string): string | undefined {
  let at = root;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return typeof at === "object" ? undefined : String(at);
}
