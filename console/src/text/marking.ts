/** The text that a risk was found by, and where (RFC 6901, from the root of the arguments; empty: somewhere in the call). */
export interface Mark {
  readonly pointer: string;
  readonly match: string;
  /** Whether more may have matched there than `match` says. */
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
  /** By pointer and by all that is above it: thousands of values may have a mark each. */
  const below = new Map<string, Mark[]>();
  /** By the pointer of the value around them. */
  const loose = new Map<string, Mark[]>();
  for (const mark of marks) {
    for (const place of upwards(mark.pointer)) push(below, place, mark);
    if (!isFound(mark, textAt(root, mark.pointer))) push(loose, around(mark.pointer), mark);
  }
  return (pointer, text) => {
    // A value that is too deep for the tree is drawn with all that is below it.
    const own = below.get(pointer) ?? [];
    if (own.some((mark) => !isFound(mark, text))) return { matches: [text], folds: false };
    const near = upwards(pointer).flatMap((place) => loose.get(place) ?? []);
    return { matches: [...new Set([...own, ...near].map(({ match }) => match))], folds: near.length === 0 };
  };
}

const isFound = ({ match, cut }: Mark, text = "") => match !== "" && !cut && text.includes(match);

const around = (pointer: string) => pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));

/** A pointer and those of all values around it, out to the root's. */
function upwards(pointer: string): string[] {
  const places = [pointer];
  for (let at = pointer; at !== ""; ) {
    at = around(at);
    places.push(at);
  }
  return places;
}

function push(marks: Map<string, Mark[]>, place: string, mark: Mark): void {
  const there = marks.get(place);
  if (there === undefined) marks.set(place, [mark]);
  else there.push(mark);
}

function textAt(root: unknown, pointer: string): string | undefined {
  let at = root;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return typeof at === "object" ? undefined : String(at);
}
