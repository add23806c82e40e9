import { checkSync } from "recheck";
import * as z from "zod";

/** Longest search for a proof, in milliseconds. The shipped expressions need a hundredth of it on a quiet machine. */
const PROOF_TIME = 20_000;

/** Text of a regular expression that compiles under the given flags and is proven to take linear time on any text. */
export const expression = (flags: string) =>
  z
    .string()
    .min(1)
    .superRefine((source, context) => {
      const message = compileProblem(source, flags) ?? timeProblem(source, flags);
      if (message !== undefined) context.addIssue({ code: "custom", continue: false, message });
    });

function compileProblem(source: string, flags: string): string | undefined {
  try {
    new RegExp(source, flags);
    return undefined;
  } catch (error) {
    return `a regular expression (${error instanceof Error ? error.message : "unreadable"})`;
  }
}

const proofs = new Map<string, string | undefined>();

/** Why the expression may not run on what callers send; undefined when it is proven linear. */
function timeProblem(source: string, flags: string): string | undefined {
  const key = `${flags}/${source}`;
  if (!proofs.has(key)) proofs.set(key, prove(source, flags));
  return proofs.get(key);
}

/**
 * Only recheck's automaton proves: its other checker searches for attacks, and finding none is no proof. The automaton
 * knows no back-references, so an expression with those is refused as well.
 */
function prove(source: string, flags: string): string | undefined {
  const result = checkSync(source, flags, { checker: "automaton", timeout: PROOF_TIME });
  if (result.status === "safe") return undefined;
  if (result.status === "vulnerable")
    return `an expression that takes linear time (this takes ${result.complexity.summary} time, as with ${result.attack.pattern})`;
  return `an expression that can be proven to take linear time (${why(result.error)})`;
}

const why = (error: { readonly kind: string; readonly message?: string }) =>
  error.kind === "timeout"
    ? "no proof was found in time; make it shorter, with fewer counted repetitions"
    : `no back-reference or modifier can be: ${error.message ?? error.kind}`;
