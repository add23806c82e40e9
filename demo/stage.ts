import type { LocalStack } from "../local/stack.ts";

/** What the steps of the demo share. */
export interface Stage {
  readonly stack: LocalStack;
  /** Prints a line of evidence under the step's title. */
  readonly say: (evidence: string) => void;
  /** A token of a person or of `ci-build`, through a real sign-in; the same one each time. */
  readonly token: (account: string, audience?: "mcp" | "console") => Promise<string>;
  /** What an earlier step leaves for a later one: ids by a name. */
  readonly memory: Map<string, string>;
}

/** One numbered step: what it claims, and the play that holds only if the claim does. */
export interface DemoStep {
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
}

/** What the memory holds under a name. */
export function recall({ memory }: Stage, name: string): string {
  const value = memory.get(name);
  if (value === undefined) throw new Error(`no earlier step left ${name}`);
  return value;
}
