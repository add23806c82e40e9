import { useState } from "react";
import { stretches } from "./folding.ts";
import { Shown } from "./shown.tsx";

/** Values of more characters fold. */
const LONGEST = 800;

interface FoldedTextProps {
  readonly text: string;
  readonly matches: readonly string[];
  /** Whether it may fold, however long it is. */
  readonly folds?: boolean;
}

/** A value; a long one is folded, with a count of what is out of view. What a risk was found by is always in view. */
export function FoldedText({ text, matches, folds = true }: FoldedTextProps) {
  const [open, setOpen] = useState(false);
  const views = folds && text.length > LONGEST ? stretches(text, matches) : [];
  if (!views.some(({ hidden }) => hidden))
    return (
      <span className="value">
        <Shown text={text} matches={matches} />
      </span>
    );
  const count = text.length.toLocaleString("en");
  return (
    <>
      <span className="value">
        <Shown text={text} matches={matches} views={open ? [] : views} />
      </span>
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? `Fold these ${count} characters` : `Show all ${count} characters`}
      </button>
    </>
  );
}
