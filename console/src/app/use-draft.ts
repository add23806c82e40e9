import { useState } from "react";

/** Text that is kept in this tab until it is forgotten: signing in again leaves the page. */
export function useDraft(name: string): readonly [text: string, write: (text: string) => void] {
  const key = `countersign.draft.${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const write = (next: string) => {
    setText(next);
    if (next === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, next);
  };
  return [text, write];
}
