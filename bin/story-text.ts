import type { Step, Story } from "../lambdas/domain/evidence/story.ts";
import { visible } from "./visible.ts";

/** Characters of a body that a terminal shows. */
const SHOWN = 2000;
/** Milliseconds without a record that are worth a word. */
const PAUSE = 60_000;

/** A story for a terminal: nothing in it can steer the terminal, whoever wrote it. */
export const storyText = (story: Story): string => [headText(story), ...story.steps.map(stepText)].join("\n");

export const headText = ({ session, principals, steps }: Story): string =>
  [`Session ${visible(session)}: ${steps.length} records`, ...principals.map((who) => `  ${visible(who)}`)].join("\n");

export function stepText({ at, type, gap, what, facts, id }: Step): string {
  const pause = gap < PAUSE ? [] : [`    … ${spell(gap)} later`];
  const told = [...facts, { label: "record", text: id }].map(
    ({ label, text }) => `    ${label.padEnd(10)} ${visible(short(text))}`,
  );
  return [...pause, `${at}  ${type.padEnd(18)} ${visible(what)}`.trimEnd(), ...told].join("\n");
}

const short = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text);

/** A time in its two largest units, such as `3 h 20 min`. */
export function spell(milliseconds: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1000],
  ] as const;
  let left = milliseconds;
  const parts = units.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.slice(0, 2).join(" ") || `${milliseconds} ms`;
}
