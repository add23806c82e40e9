import type { Principal } from "../identity/principal.ts";
import { decide } from "../policy/decide.ts";
import type { PolicyEngine } from "../policy/engine.ts";
import { assess, type CompiledRisks } from "../risk/index.ts";

/** Whether access may be asked for ahead, whom it is asked of, and for how long at most. */
export type AskedAhead =
  | {
      readonly kind: "may";
      readonly group: string;
      readonly maxMinutes: number;
      readonly policies: readonly string[];
      /** The risks that policy lets this group decide on. */
      readonly risks: readonly string[];
    }
  | { readonly kind: "refused"; readonly why: string };

/** What policy is asked with. */
export interface AskAheadWith {
  readonly engine: PolicyEngine;
  readonly risks: CompiledRisks;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Asks policy about calls that are not there yet (docs/policy.md, "Access asked for ahead"). Arguments are unknown, and
 * with them risks: policy is asked with the labels that the tool's name alone earns, then with each other label beside
 * them. The group is the first that an answer names; all tools must have the same. What calls turn out to be is decided when
 * they come.
 */
export function askAhead(
  who: Principal,
  server: string,
  tools: readonly string[],
  { engine, risks, now }: AskAheadWith,
): AskedAhead {
  const labels = [...new Set(risks.map(({ risk }) => risk))];
  const found = tools.map((name) => {
    const certain = [
      ...new Set(assess({ server, method: "tools/call", name, arguments: undefined }, risks).map(({ risk }) => risk)),
    ];
    const sets = [certain, ...labels.filter((label) => !certain.includes(label)).map((label) => [...certain, label])];
    const answers = sets.map((labels) => {
      const facts = { method: "tools/call", risks: labels, arguments: undefined, at: now };
      return { labels, decision: decide(who, { kind: "tool", server, name }, facts, engine) };
    });
    const asking = answers.flatMap(({ labels, decision }) =>
      decision.kind === "approve" ? [{ labels, decision }] : [],
    );
    const [first] = asking;
    if (first === undefined)
      return answers.every(({ decision }) => decision.kind === "deny")
        ? `policy would not let you call ${name}, approved or not`
        : `${name} is nothing that policy has approved: call it, and it is allowed or denied at once`;
    const { group } = first.decision;
    const same = asking.filter(({ decision }) => decision.group === group);
    const most = same.map(({ decision }) => decision.scopes.maxMinutes);
    if (most.some((minutes) => minutes === null || !Number.isInteger(minutes)))
      return `policy gives no time ahead for ${name}: call it, and each call is asked about`;
    return {
      name,
      group,
      maxMinutes: Math.min(...most.map(Number)),
      policies: same.flatMap(({ decision }) => decision.policies),
      risks: same.flatMap(({ labels }) => labels),
    };
  });
  const refused = found.find((entry) => typeof entry === "string");
  if (refused !== undefined) return { kind: "refused", why: refused };
  const may = found.filter((entry) => typeof entry !== "string");
  const groups = [...new Set(may.map(({ group }) => group))];
  const [group] = groups;
  if (group === undefined || groups.length > 1)
    return { kind: "refused", why: `different groups approve these tools (${groups.join(", ")}): ask for them apart` };
  return {
    kind: "may",
    group,
    maxMinutes: Math.min(...may.map(({ maxMinutes }) => maxMinutes)),
    policies: [...new Set(may.flatMap(({ policies }) => policies))].sort(),
    risks: [...new Set(may.flatMap(({ risks }) => risks))].sort(),
  };
}
