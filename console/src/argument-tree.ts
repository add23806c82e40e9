import { el } from "./dom.ts";
import { shown } from "./text.ts";

/** Deeper values are shown as their JSON: nobody reads a tree that deep, and drawing it could exhaust the stack. */
const DEEPEST = 50;

/** The text that a risk was found by, and where (RFC 6901, from the root of the arguments). */
export interface Mark {
  readonly pointer: string;
  readonly match: string;
}

/**
 * The arguments as a tree of names, types and values. Text that is no JSON (masking may have cut it) is shown as it is.
 *
 * @param text masked JSON text of the arguments
 */
export function argumentTree(text: string, marks: readonly Mark[]): HTMLElement {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return el(
      "pre",
      { class: "value" },
      ...shown(
        text,
        marks.map((mark) => mark.match),
      ),
    );
  }
  return branch(value, "", marks, 0);
}

function branch(value: unknown, pointer: string, marks: readonly Mark[], depth: number): HTMLElement {
  if (typeof value !== "object" || value === null || depth === DEEPEST) return leaf(value, pointer, marks);
  const entries = Object.entries(value);
  if (entries.length === 0) return el("span", { class: "empty" }, Array.isArray(value) ? "an empty list" : "nothing");
  return el(
    "ul",
    { class: "tree" },
    ...entries.map(([key, child]) =>
      el(
        "li",
        {},
        el("span", { class: "key" }, ...shown(key)),
        el("span", { class: "type" }, typeName(child)),
        branch(child, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, marks, depth + 1),
      ),
    ),
  );
}

function leaf(value: unknown, pointer: string, marks: readonly Mark[]): HTMLElement {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return el("span", { class: "empty" }, "an empty text");
  const matches = marks.filter((mark) => mark.pointer === pointer).map(({ match }) => match);
  // What was matched may be the decoded form of a value; then the whole value is what it was found in.
  const whole = matches.some((match) => !text.includes(match));
  return el("span", { class: "value" }, ...shown(text, whole ? [text] : matches));
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `list of ${value.length}`;
  return (
    { string: "text", number: "number", boolean: "yes or no", object: "object" }[typeof value as "string"] ??
    typeof value
  );
}
