import { Fragment, memo } from "react";
import { cutAt } from "./cut-at.ts";
import type { Stretch } from "./folding.ts";
import { lookalikesIn } from "./lookalikes.ts";
import { visibleText } from "./visible-text.ts";

interface ShownProps {
  readonly text: string;
  /** Texts to highlight wherever they stand in `text`. */
  readonly matches?: readonly string[];
  /** Where it is folded; without any, all of it is in view. */
  readonly views?: readonly Stretch[];
}

/**
 * Text from outside, with unseen and misleading characters named and the given parts marked. It only ever becomes text
 * nodes, so nothing an attacker wrote is read as markup.
 */
export const Shown = memo(function Shown({ text, matches = [], views = [] }: ShownProps) {
  // Of the whole text: a mark that ends within a word would hide that the word mixes scripts.
  const lookalikes = lookalikesIn(text);
  const folds = views.filter(({ hidden }) => hidden);
  return (
    <span className="shown">
      {cutAt(text, matches, folds).map(({ text: part, start, marked, hidden }) => {
        if (hidden)
          return (
            <span key={start} className="hidden-count">
              {` … ${part.length.toLocaleString("en")} characters folded … `}
            </span>
          );
        const seen = <Seen key={start} text={part} start={start} lookalikes={lookalikes} />;
        return marked ? <mark key={start}>{seen}</mark> : seen;
      })}
    </span>
  );
});

/** A part of a text, with the places in the whole where a character passes for another. */
function Seen({ text, start, lookalikes }: { text: string; start: number; lookalikes: ReadonlySet<number> }) {
  let at = 0;
  return visibleText(text, lookalikes, start).map((stretch) => {
    const key = at++;
    if (stretch.kind === "plain") return <Fragment key={key}>{stretch.text}</Fragment>;
    const why =
      stretch.kind === "lookalike"
        ? "A character that looks like another"
        : "A character that cannot be seen, or changes how others look";
    return (
      <Fragment key={key}>
        <span className="unseen" title={why}>
          {stretch.text}
        </span>
        {stretch.kind === "break" && <br />}
      </Fragment>
    );
  });
}
