import { readFaithful } from "../../../lambdas/domain/json/strict.ts";
import { FoldedText } from "./folded-text.tsx";
import { type Mark, type Marking, markingsOf } from "./marking.ts";
import { Shown } from "./shown.tsx";

/** Deeper values are shown as their JSON: nobody reads a tree that deep, and drawing it could exhaust the stack. */
const DEEPEST = 50;

/**
 * The arguments as a tree of names, types and values. Text that is no JSON (masking may have cut it) is shown as it is.
 *
 * @param text JSON text of the arguments
 */
export function ArgumentTree({ text, marks }: { text: string; marks: readonly Mark[] }) {
  let value: unknown;
  try {
    value = readFaithful(text);
  } catch {
    return (
      <div className="tree">
        <FoldedText text={text} {...markingsOf(text, marks)("", text)} />
      </div>
    );
  }
  return (
    <div className="tree">
      <Branch value={value} pointer="" markingOf={markingsOf(value, marks)} depth={0} />
    </div>
  );
}

interface Place {
  readonly value: unknown;
  readonly pointer: string;
  readonly markingOf: (pointer: string, text: string) => Marking;
  readonly depth: number;
}

function Branch({ value, pointer, markingOf, depth }: Place) {
  if (typeof value !== "object" || value === null || depth === DEEPEST)
    return <Leaf value={value} pointer={pointer} markingOf={markingOf} />;
  const entries = Object.entries(value);
  if (entries.length === 0) return <span className="empty">{Array.isArray(value) ? "an empty list" : "nothing"}</span>;
  return (
    <ul>
      {entries.map(([key, child]) => (
        <li key={key}>
          <span className="key">
            <Shown text={key} />
          </span>{" "}
          {child !== null && <span className="type">{typeName(child)}</span>}{" "}
          <Branch value={child} pointer={`${pointer}/${escaped(key)}`} markingOf={markingOf} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

function Leaf({ value, pointer, markingOf }: Omit<Place, "depth">) {
  if (value === null) return <span className="empty">null</span>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return <span className="empty">an empty text</span>;
  return <FoldedText text={text} {...markingOf(pointer, text)} />;
}

const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

function typeName(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  return (
    { string: "text", number: "number", boolean: "yes or no", object: "object" }[typeof value as "string"] ??
    typeof value
  );
}
