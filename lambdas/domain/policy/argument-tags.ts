import { CountersignError } from "../error.ts";

/** Most tags of one call; more is refused, because a `forbid` that cannot see an argument would not forbid. */
export const MOST_TAGS = 10_000;

/**
 * Arguments as Cedar tags: one text for each JSON pointer (RFC 6901). Numbers, booleans and null are given as JSON
 * writes them, a container as `{}` or `[]`, so that its presence can be asked for. Caller JSON never becomes Cedar
 * JSON: there `__entity` or `__extn` would turn into a real entity or extension value.
 *
 * @param value parsed arguments of a call; undefined when it has none
 * @throws CountersignError `bad_request` when there are more values than MOST_TAGS
 */
export function argumentTags(value: unknown): Record<string, string> {
  const tags: [string, string][] = [];
  const put = (pointer: string, text: string) => {
    if (tags.length >= MOST_TAGS)
      throw new CountersignError("bad_request", `more than ${MOST_TAGS} values in the arguments`);
    tags.push([pointer, text]);
  };
  const visit = (entry: unknown, pointer: string): void => {
    if (entry === undefined) return;
    if (typeof entry !== "object" || entry === null) {
      put(pointer, typeof entry === "string" ? entry : JSON.stringify(entry));
      return;
    }
    put(pointer, Array.isArray(entry) ? "[]" : "{}");
    for (const [key, child] of Object.entries(entry)) visit(child, `${pointer}/${escapeToken(key)}`);
  };
  visit(value, "");
  return Object.fromEntries(tags);
}

const escapeToken = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
