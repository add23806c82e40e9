import { type ReactNode, useEffect, useRef } from "react";
import { visibleText } from "../text/visible-text.ts";

/** Whether a room has been shown already: the first one must not take the focus from the browser's own bar. */
let shownBefore = false;

/**
 * The heading of a room. Coming from another room it takes the focus, so that a screen reader says where one is.
 *
 * @param tab what the browser's tab says
 */
export function RoomTitle({ tab, children }: { tab: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (shownBefore) heading.current?.focus();
    shownBefore = true;
  }, []);
  useEffect(() => {
    const shown = visibleText(tab).map(({ text }) => text);
    document.title = `${shown.join("")} · Countersign`;
  }, [tab]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
