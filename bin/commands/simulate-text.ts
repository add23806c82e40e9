import { table } from "../table.ts";
import { printedJson } from "../visible.ts";
import { decisionsOf, type Tally } from "./simulate-tally.ts";

/** A simulation for a program. */
export const asJson = ({ left, kinds, policies, groups: _, ...tally }: Tally, since: string) =>
  printedJson({
    since,
    ...tally,
    kinds: Object.fromEntries(kinds),
    byPolicy: Object.fromEntries(policies),
    notDecided: Object.fromEntries(left),
  });

/** A simulation for who reads it in a terminal. */
export function asText(tally: Tally, since: string): string {
  const { read, masked, changed, otherPolicies, changes } = tally;
  const rows = changes.map((change) => ({
    at: change.at,
    who: change.who,
    call: `${change.asked}${change.masked ? " *" : ""}`,
    decision: decisionsOf(change),
    policies: `${change.policiesBefore.join(", ") || "none"} → ${change.policiesAfter.join(", ") || "none"}`,
    risks: `${change.risksBefore.join(", ") || "none"} → ${change.risksAfter.join(", ") || "none"}`,
  }));
  const counted = (title: string, counts: ReadonlyMap<string, number>) =>
    counts.size === 0
      ? []
      : ["", title, ...[...counts].sort((a, b) => b[1] - a[1]).map(([name, many]) => `  ${many}  ${name}`)];
  return [
    `${read} calls of the last ${since}: ${changed} would be decided otherwise, ${otherPolicies} alike by other policies`,
    ...(rows.length === 0 ? [] : ["", table(rows)]),
    ...(changed > rows.length ? [`(${changed - rows.length} more; --most lists them)`] : []),
    ...(masked === 0
      ? []
      : ["", `${masked} were decided on masked arguments (*): the archive holds the originals sealed.`]),
    ...(tally.groupsUnknown === 0
      ? []
      : ["", `${tally.groupsUnknown} need approval then and now; of which group, no record that was read says.`]),
    ...counted("By change:", tally.kinds),
    ...counted("By policy:", tally.policies),
    ...counted("Could not be decided again:", tally.left),
  ].join("\n");
}
