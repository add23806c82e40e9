/** An argument that holds a text, and where it is (RFC 6901). */
export interface Leaf {
  readonly pointer: string;
  readonly value: string;
}

/** Deeper arguments are not offered as limits; nor are more than this many. */
const DEEPEST = 20;
const MOST = 100;

/** The arguments that are texts: those that a limit can name. @param text JSON text of the arguments */
export function leavesOf(text: string): readonly Leaf[] {
  const found: Leaf[] = [];
  const visit = (value: unknown, pointer: string, depth: number): void => {
    if (found.length >= MOST || depth > DEEPEST) return;
    if (typeof value === "string") found.push({ pointer, value });
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value))
      visit(child, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
  };
  try {
    visit(JSON.parse(text), "", 0);
  } catch {
    // Text that is no JSON has no places to name.
  }
  return found;
}
