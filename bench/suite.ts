import type { Metric } from "./report.ts";

/** How much is measured: `smoke` only shows that everything runs, its values mean nothing. */
export type Effort = "smoke" | "default" | "long";

/** One family of measurements. */
export interface Suite {
  readonly name: string;
  /** @param say tells how far it is */
  run(effort: Effort, say: (text: string) => void): Promise<readonly Metric[]>;
}
