/** Annotations that say something to Countersign, or to who reads a policy. An unknown one is refused: `@aprovers` would name nobody. */
const KNOWN = ["id", "approvers", "grant_minutes", "grant_session", "approved_because", "reason", "description"];
/** What an adopter keeps for tools of their own begins so. */
const OWN = "x_";

/** What annotations of a policy may say, and why not. */
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
  for (const name of Object.keys(annotations))
    if (!KNOWN.includes(name) && !name.startsWith(OWN))
      problems.push(
        `@${name}: allowed: ${KNOWN.map((known) => `@${known}`).join(", ")}, and your own as @${OWN}<name>`,
      );
  const { approvers, approved_because: because } = annotations;
  if (approvers !== undefined && !approverGroups.includes(approvers))
    problems.push(`@approvers("${approvers}"): allowed: ${approverGroups.join(", ")}`);
  if (approvers !== undefined && because !== undefined)
    problems.push("@approvers beside @approved_because: a policy that approves by itself asks nobody");
  return problems;
}
