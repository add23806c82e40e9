import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type PolicyCase, parsePolicyTests } from "../../lib/config/policy-tests.ts";
import { printedJson } from "../visible.ts";
import { workingCopy } from "../working-copy.ts";
import { type Outcome, play } from "./policy-case.ts";

export interface PolicyTestOptions {
  /** The `gateway.yaml` beside which the policies lie. */
  readonly config: string;
  /** Cases; beside the policies unless given. */
  readonly tests?: string;
  /** Least share of policies, in per cent, that must have determined a case. */
  readonly coverage?: number;
  readonly json?: boolean;
}

interface Played {
  readonly name: string;
  readonly outcome: Outcome;
  /** What differs, in the words of `expect`. */
  readonly differences: readonly { readonly field: string; readonly expected: string; readonly found: string }[];
}

/** Plays the cases of `tests.yaml` with the rules of the working copy, and says which policies none of them reached. */
export function testPolicies({ config, tests, coverage = 0, json }: PolicyTestOptions): { text: string; ok: boolean } {
  const file = tests ?? join(dirname(config), "policies", "tests.yaml");
  if (!existsSync(file)) throw new Error(`${file} cannot be read; name the cases with --tests <file>`);
  const copy = workingCopy(config);
  const { principals, cases } = parsePolicyTests(readFileSync(file, "utf8"), file, copy.settings.config);
  const played = cases.map((test): Played => {
    const as = principals[test.as];
    if (as === undefined) throw new Error(`${file}: there is no principal ${test.as}`);
    const outcome = play(test, as, copy);
    return { name: test.name, outcome, differences: differencesOf(test.expect, outcome) };
  });
  const ids = copy.settings.policy.policies.map(({ id }) => id);
  const reached = new Set(played.flatMap(({ outcome }) => outcome.policies));
  const uncovered = ids.filter((id) => !reached.has(id));
  const covered = Math.round(((ids.length - uncovered.length) / ids.length) * 1000) / 10;
  const failed = played.filter(({ differences }) => differences.length > 0).length;
  const ok = failed === 0 && covered >= coverage;
  if (json)
    return {
      ok,
      text: printedJson({
        ok,
        passed: played.length - failed,
        failed,
        coverage: { percent: covered, uncovered },
        cases: played,
      }),
    };
  const lines = [
    ...played.flatMap(tell),
    "",
    `${played.length - failed} passed, ${failed} failed`,
    `${ids.length - uncovered.length} of ${ids.length} policies made a decision (${covered} %)`,
    ...uncovered.map((id) => `  no case reaches ${id}`),
    ...(covered < coverage ? [`--coverage asks for ${coverage} %`] : []),
  ];
  return { ok, text: lines.join("\n") };
}

function differencesOf(expected: PolicyCase["expect"], outcome: Outcome): Played["differences"] {
  const fields = ["decision", "policies", "group", "risks"] as const;
  return fields.flatMap((field) => {
    const wanted = expected[field];
    if (wanted === undefined) return [];
    const [one, other] = [shown(wanted), shown(outcome[field])];
    return one === other ? [] : [{ field, expected: one, found: other }];
  });
}

const shown = (value: string | readonly string[] | null): string =>
  typeof value === "string" ? value : value === null || value.length === 0 ? "none" : [...value].sort().join(", ");

function tell({ name, outcome, differences }: Played): string[] {
  const by = `${outcome.decision} by ${outcome.policies.join(", ") || "no policy"}`;
  if (differences.length === 0) return [`ok    ${name}: ${by}`];
  return [
    `FAIL  ${name}: ${by}`,
    ...differences.flatMap(({ field, expected, found }) => [
      `        ${field}`,
      `          - ${expected}`,
      `          + ${found}`,
    ]),
    ...(outcome.reason === null ? [] : [`        because ${outcome.reason}`]),
  ];
}
