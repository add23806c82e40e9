/** What annotations of a policy may say, and why not; those that mean nothing to Countersign are the adopter's own. */
const CHECKS: Readonly<Record<string, { readonly fits: (value: string) => boolean; readonly allowed: string }>> = {
  grant_minutes: {
    fits: (value) => /^[1-9][0-9]{0,3}$/.test(value) && Number(value) <= 1440,
    allowed: "a whole number of minutes, 1 to 1440",
  },
  grant_session: { fits: (value) => ["true", "false"].includes(value), allowed: "true, false" },
  approved_because: { fits: (value) => value.trim().length >= 3, allowed: "the reason, in words" },
};

/**
 * Problems of a policy's annotations, each with what was found and what is allowed.
 *
 * @param approverGroups the groups that `@approvers` may name
 */
export function annotationProblems(
  annotations: Readonly<Record<string, string>>,
  approverGroups: readonly string[],
): string[] {
  const problems = Object.entries(CHECKS).flatMap(([name, { fits, allowed }]) => {
    const value = annotations[name];
    return value === undefined || fits(value) ? [] : [`@${name}("${value}"): allowed: ${allowed}`];
  });
  const { approvers, approved_because: because } = annotations;
  if (approvers !== undefined && !approverGroups.includes(approvers))
    problems.push(`@approvers("${approvers}"): allowed: ${approverGroups.join(", ")}`);
  if (approvers !== undefined && because !== undefined)
    problems.push("@approvers beside @approved_because: a policy that approves by itself asks nobody");
  return problems;
}
