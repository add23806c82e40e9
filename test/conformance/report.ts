import { WITHOUT_MEANING } from "./auth-scenarios.ts";
import { type Comparison, type Count, total } from "./compare.ts";
import type { SuiteComparison } from "./server-suites.ts";

/** Whether the gateway changed nothing, on top of a fixture that passes all that is scored. */
export function holds(suites: readonly SuiteComparison[]): boolean {
  const scenarios = suites.flatMap((suite) => suite.scenarios);
  const sound = ({ scored, direct }: Comparison) => !scored || (direct.failed === 0 && direct.passed > 0);
  return scenarios.length > 0 && scenarios.every((entry) => entry.differences.length === 0 && sound(entry));
}

/** Each scenario direct and through the gateway, side by side, with the checks that differ. */
export function table({ leg, revision, scenarios }: SuiteComparison): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length), "total".length) + 2;
  const row = (name: string, direct: Count, through: Count, end: string) =>
    `${name.padEnd(width)}${shown(direct).padEnd(14)}${shown(through).padEnd(14)}${end}`.trimEnd();
  const lines = scenarios.flatMap((entry) => [
    row(
      entry.name,
      entry.direct,
      entry.through,
      `${entry.differences.length > 0 ? "DIFFERS " : ""}${entry.scored ? "" : "(not scored)"}`,
    ),
    ...entry.differences.map(
      ({ check, direct, through, message }) =>
        `    ${check}: ${list(direct)} direct, ${list(through)} through${message ? `: ${message}` : ""}`,
    ),
  ]);
  const sums = [total(scenarios.map(({ direct }) => direct)), total(scenarios.map(({ through }) => through))] as const;
  return [
    `${leg} scenarios, ${revision} (passed/failed)`,
    `${"".padEnd(width)}${"direct".padEnd(14)}through the gateway`,
    ...lines,
    row("total", ...sums, ""),
  ].join("\n");
}

/** Auth scenarios that are not run, each with its reason. */
export function leftOut(): string {
  const width = Math.max(...[...WITHOUT_MEANING.keys()].map((name) => name.length)) + 2;
  const lines = [...WITHOUT_MEANING].map(([name, why]) => `${name.padEnd(width)}${why}`);
  return ["auth scenarios that have no meaning with the gateway as the resource server", ...lines].join("\n");
}

/** One line for all suites. */
export function summary(suites: readonly SuiteComparison[]): string {
  const parts = suites.map(({ leg, revision, scenarios }) => {
    const differing = scenarios.filter((entry) => entry.differences.length > 0).length;
    const direct = shown(total(scenarios.map((entry) => entry.direct)));
    const through = shown(total(scenarios.map((entry) => entry.through)));
    return `${leg} ${revision}: ${direct} direct, ${through} through, ${differing} of ${scenarios.length} scenarios differ`;
  });
  return `${holds(suites) ? "equal" : "NOT EQUAL"}; ${parts.join("; ")}`;
}

const shown = ({ passed, failed, warnings }: Count) => `${passed}/${failed}${warnings > 0 ? ` +${warnings}w` : ""}`;
const list = (statuses: readonly string[]) => (statuses.length === 0 ? "nothing" : statuses.join(" "));
