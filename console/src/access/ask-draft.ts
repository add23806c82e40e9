import type { AccessRequest } from "../api/api.ts";
import { type ConstraintDraft, constraintOf, constraintProblem } from "../app/constraint-draft.ts";
import { reasonProblem } from "../app/reason.ts";

/** A request for access while it is being written. */
export interface AskDraft {
  readonly server: string;
  /** Names of tools, one a line. */
  readonly tools: string;
  readonly minutes: string;
  readonly constraint: readonly ConstraintDraft[];
  readonly reason: string;
}

export type AskProblems = { readonly [field in keyof AskDraft]?: string };

/** What is wrong, by field; empty when nothing is. @param longest most minutes */
export function askProblems(draft: AskDraft, longest: number): AskProblems {
  const minutes = Number(draft.minutes);
  const fits = Number.isInteger(minutes) && minutes >= 1 && minutes <= longest;
  const problems: AskProblems = {
    server: draft.server.trim() === "" ? "Choose the server." : "",
    tools: toolsOf(draft).length === 0 ? "Name one tool or more." : "",
    minutes: fits ? "" : `Give a whole number of minutes, from 1 to ${longest}.`,
    constraint: constraintProblem(draft.constraint),
    reason: reasonProblem(draft.reason, true),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== ""));
}

export function requestOf(draft: AskDraft): AccessRequest {
  return {
    server: draft.server.trim(),
    tools: toolsOf(draft),
    minutes: Number(draft.minutes),
    reason: draft.reason.trim(),
    ...(draft.constraint.length === 0 ? {} : { constraint: constraintOf(draft.constraint) }),
  };
}

const toolsOf = ({ tools }: AskDraft) => [...new Set(tools.split(/[\n,]/).map((name) => name.trim()))].filter(Boolean);
