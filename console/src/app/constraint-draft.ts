import type { Constraint } from "../api/constraint.ts";

/** A limit while it is being written. */
export interface ConstraintDraft {
  readonly key: number;
  readonly pointer: string;
  readonly rule: "equals" | "prefix";
  readonly value: string;
}

/** What is wrong with limits; empty when nothing is. */
export function constraintProblem(drafts: readonly ConstraintDraft[]): string {
  if (drafts.some(({ pointer }) => !pointer.startsWith("/")))
    return "Name the argument of every limit by its place, such as /path or /target/name.";
  if (drafts.some(({ rule, value }) => rule === "prefix" && value === "")) return "Say what the argument begins with.";
  if (new Set(drafts.map(({ pointer }) => pointer)).size < drafts.length) return "Set one limit for each argument.";
  return "";
}

export const constraintOf = (drafts: readonly ConstraintDraft[]): readonly Constraint[] =>
  drafts.map(({ pointer, rule, value }) =>
    rule === "equals" ? { pointer, equals: value } : { pointer, prefix: value },
  );
