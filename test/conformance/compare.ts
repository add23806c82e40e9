import type { Check, ScenarioResult } from "./suite.ts";

/** Passed and failed checks, counted as the suite counts them. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly warnings: number;
}

/** A check that came out differently. */
export interface Difference {
  readonly check: string;
  /** Statuses of every time it was made, in order. */
  readonly direct: readonly string[];
  readonly through: readonly string[];
  /** What the suite said about it behind the gateway. */
  readonly message: string;
}

/** One scenario, direct and through the gateway. */
export interface Comparison {
  readonly name: string;
  readonly scored: boolean;
  readonly direct: Count;
  readonly through: Count;
  readonly differences: readonly Difference[];
}

/** Sets each scenario beside itself. Totals may agree by chance, so that every check is compared. */
export function compare(direct: readonly ScenarioResult[], through: readonly ScenarioResult[]): Comparison[] {
  const names = [...new Set([...direct, ...through].map(({ name }) => name))];
  return names.map((name) => {
    const one = direct.find((result) => result.name === name);
    const other = through.find((result) => result.name === name);
    return {
      name,
      scored: (one ?? other)?.scored ?? true,
      direct: count(one?.checks ?? []),
      through: count(other?.checks ?? []),
      differences: differences(one?.checks ?? [], other?.checks ?? []),
    };
  });
}

/** Sum over scenarios. */
export const total = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((sum, { passed }) => sum + passed, 0),
  failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  warnings: counts.reduce((sum, { warnings }) => sum + warnings, 0),
});

function count(checks: readonly Check[]): Count {
  const having = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  return { passed: having("SUCCESS"), failed: having("FAILURE"), warnings: having("WARNING") };
}

/** What the suite writes down of the traffic is no check: streams that are opened again differ from run to run. */
const isLog = ({ id, status }: Check) => status === "INFO" && /^(?:incoming|outgoing)-/.test(id);

function differences(direct: readonly Check[], through: readonly Check[]): Difference[] {
  const ids = [...new Set([...direct, ...through].map(({ id }) => id))];
  return ids.flatMap((check) => {
    const of = (checks: readonly Check[]) => checks.filter((entry) => entry.id === check && !isLog(entry));
    const [one, other] = [of(direct), of(through)];
    const statuses = (checks: readonly Check[]) => checks.map(({ status }) => status);
    if (statuses(one).join() === statuses(other).join()) return [];
    const message = other.find((entry) => entry.message !== "")?.message ?? "";
    return [{ check, direct: statuses(one), through: statuses(other), message }];
  });
}
