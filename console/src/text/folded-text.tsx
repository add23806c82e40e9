import { Fragment, useState } from "react";
import { stretches } from "./folding.ts";
import { Shown } from "./shown.tsx";

/** Values of more characters fold. */
const LONGEST = 800;

/** A value; a long one is folded, with a count of what is out of view. What a risk was found by is always in view. */
export function FoldedText({ text, matches }: { text: string; matches: readonly string[] }) {
  const [open, setOpen] = useState(false);
  if (text.length <= LONGEST)
    return (
      <span className="value">
        <Shown text={text} matches={matches} />
      </span>
    );
  const count = text.length.toLocaleString("en");
  return (
    <>
      <span className="value">
        {open ? <Shown text={text} matches={matches} /> : <InView text={text} matches={matches} />}
      </span>
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? `Fold these ${count} characters` : `Show all ${count} characters`}
      </button>
    </>
  );
}

function InView({ text, matches }: { text: string; matches: readonly string[] }) {
  return stretches(text, matches).map(({ from, to, hidden }) => (
    <Fragment key={from}>
      {hidden ? (
        <span className="hidden-count">{` … ${(to - from).toLocaleString("en")} characters folded … `}</span>
      ) : (
        <Shown text={text.slice(from, to)} matches={matches} />
      )}
    </Fragment>
  ));
}
