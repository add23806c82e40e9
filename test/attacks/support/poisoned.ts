/** Words of a closed set, ids that the page reads strictly, and times: whoever sends another gets no page at all. */
const CLOSED = /^(?:id|kind|status|verdict|requesterKind|\w*[aA]t|deadline|lastUsedAt|type|v)$/;

/** Markup that runs, in each of the places where a text can end up: an element, an attribute, a script, a template. */
export const markup = (place: string) =>
  `"'><img src=x onerror="pwned('${place}')"><script>pwned('${place}')</script>{{pwned}}\${pwned}`;

export interface Poisoned<T> {
  readonly value: T;
  /** Where markup stands now, such as `requester.name`. */
  readonly places: readonly string[];
}

/**
 * The same value with markup for every text in it, so that what is added to an answer is attacked without a word here.
 *
 * @param kept members that stay as they are, beside those of a closed set
 */
export function poisoned<T>(value: T, kept: readonly string[] = []): Poisoned<T> {
  const places: string[] = [];
  const at = (part: unknown, place: string, name: string): unknown => {
    if (typeof part === "string") {
      if (CLOSED.test(name) || kept.includes(name)) return part;
      places.push(place);
      return markup(place);
    }
    if (Array.isArray(part)) return part.map((item, index) => at(item, `${place}.${index}`, name));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [key, at(item, place === "" ? key : `${place}.${key}`, key)]),
    );
  };
  return { value: at(value, "", "") as T, places };
}
