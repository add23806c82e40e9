/** One word of a pattern: any of these. */
export type Alternatives = (word: string) => boolean;

/** `...` in a pattern: any words, or none. */
export const GAP = "...";
export type Step = Alternatives | typeof GAP;

/** Reads `create|put ... role*`. */
export const stepsOf = (pattern: string): readonly Step[] =>
  pattern.split(" ").map((word) => (word === GAP ? GAP : alternativesOf(word)));

/** Reads `create|put`, `*` standing for any part of a word, and `!source|src`: any but these. Ignores case. */
export function alternativesOf(word: string): Alternatives {
  if (/^!\w/.test(word)) {
    const excepted = alternativesOf(word.slice(1));
    return (candidate) => !excepted(candidate);
  }
  const all = word.toLowerCase().split("|");
  const plain = new Set(all.filter((one) => !one.includes("*")));
  const globs = all.filter((one) => one.includes("*")).map((one) => one.split("*"));
  return (candidate) => {
    const text = candidate.toLowerCase();
    return plain.has(text) || globs.some((parts) => matchesGlob(parts, text));
  };
}

/** Whether the words are those of the steps, all of them. Takes time linear in the words. */
export function isSequence(steps: readonly Step[], words: readonly string[]): boolean {
  let reached = reach(steps, [0]);
  for (const word of words) {
    const next: number[] = [];
    for (const at of reached) {
      const step = steps[at];
      if (step === GAP) next.push(at);
      else if (step?.(word)) next.push(at + 1);
    }
    if (next.length === 0) return false;
    reached = reach(steps, next);
  }
  return reached.has(steps.length);
}

/** The places, and those behind gaps that hold nothing. */
export function reach(steps: readonly Step[], places: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const place of places) {
    let at = place;
    reached.add(at);
    while (steps[at] === GAP) {
      at += 1;
      reached.add(at);
    }
  }
  return reached;
}

/** Not an expression: `a*b*c` as one takes quadratic time. */
function matchesGlob(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
