import { Fragment, memo } from "react";
import { cutAt } from "./cut-at.ts";
import { visibleText } from "./visible-text.ts";

/**
 * Text from outside, with unseen and misleading characters named and the given parts marked. It only ever becomes text
 * nodes, so nothing an attacker wrote is read as markup.
 *
 * @param matches texts to highlight wherever they stand in `text`
 */
export const Shown = memo(function Shown({ text, matches = [] }: { text: string; matches?: readonly string[] }) {
  return cutAt(text, matches).map((piece) =>
    piece.marked ? (
      <mark key={piece.start}>
        <Seen text={piece.text} />
      </mark>
    ) : (
      <Seen key={piece.start} text={piece.text} />
    ),
  );
});

function Seen({ text }: { text: string }) {
  let at = 0;
  return visibleText(text).map((stretch) => {
    const key = at++;
    if (stretch.kind === "plain") return <Fragment key={key}>{stretch.text}</Fragment>;
    const why =
      stretch.kind === "lookalike" ? "A character that looks like another" : "A character that cannot be seen";
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
