import { useState } from "react";

const PREFIX = "countersign.draft.";

/** Text that is kept in this tab until it is forgotten: signing in again leaves the page. */
export function useDraft(name: string): readonly [text: string, write: (text: string) => void] {
  const key = PREFIX + name;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const write = (next: string) => {
    setText(next);
    if (next === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, next);
  };
  return [text, write];
}

/** Forgets every text: whoever signs in next in this tab may be somebody else. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
