/** Parentheses and `${` that stand open at once. */
const DEEPEST_SCRIPT = 150;
/** Here-documents, each of which is looked for in all that follows. */
const MOST_DOCUMENTS = 500;

/** Whether the parser can take it: what opens scripts in scripts costs it more than it is long. */
export function isShallow(source: string): boolean {
  let depth = 0;
  let documents = 0;
  for (const [part] of source.matchAll(/\(|\$\{|\)|\}|<</g)) {
    if (part === "<<") documents += 1;
    else depth += part === ")" || part === "}" ? -1 : 1;
    if (depth > DEEPEST_SCRIPT || documents > MOST_DOCUMENTS) return false;
    if (depth < 0) depth = 0;
  }
  return true;
}
