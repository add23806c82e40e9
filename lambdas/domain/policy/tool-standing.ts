import type { Principal } from "../identity/principal.ts";
import { type AssessedCall, assess, type CompiledRisks, type RiskMatch } from "../risk/index.ts";
import { decideAtLeastApproval } from "./at-least-approval.ts";
import { type Decision, decide } from "./decide.ts";
import type { PolicyEngine } from "./engine.ts";
import type { CallFacts, Subject } from "./question.ts";

/** The risk of a tool that is not what is pinned. It is ours: no entry of `risks.yaml` can take it away. */
export const TOOL_CHANGED = "tool-changed";

/** What a tool's definition says of its calls. */
export interface ToolStanding {
  /** The server's own word that it may destroy. */
  readonly saysDestructive: boolean;
  /** Whether it is no longer what was pinned. */
  readonly changed: boolean;
}

/**
 * The risks of a call with those that its tool's definition adds, sorted by label.
 *
 * @param known what the call earned by itself
 * @param shown the tool's name, as approvers may see it
 */
export function withStanding(
  call: AssessedCall,
  known: readonly RiskMatch[],
  { saysDestructive, changed }: ToolStanding,
  { risks, shown }: { readonly risks: CompiledRisks; readonly shown: string },
): readonly RiskMatch[] {
  const added = [
    ...(saysDestructive ? destructiveRisks(call, known, risks) : []),
    ...(changed ? [changedRisk(shown)] : []),
  ];
  return added.length === 0 ? known : [...known, ...added].sort(byRisk);
}

/** The risks that only the server's own word earns. */
export function destructiveRisks(call: AssessedCall, known: readonly RiskMatch[], risks: CompiledRisks): RiskMatch[] {
  const hinted = risks.filter(({ destructiveHint }) => destructiveHint === true);
  return [...assess({ ...call, destructiveHint: true }, hinted)].filter(
    (match) => !known.some(({ risk, pointer }) => risk === match.risk && pointer === match.pointer),
  );
}

/** Decides a call that may have a changed tool: then nobody but a human lets it through. */
export function decideWithStanding(who: Principal, subject: Subject, facts: CallFacts, engine: PolicyEngine): Decision {
  if (!facts.risks.includes(TOOL_CHANGED)) return decide(who, subject, facts, engine);
  const why = "the tool's definition is not the one that is pinned";
  return decideAtLeastApproval(who, subject, facts, engine, why);
}

const changedRisk = (shown: string): RiskMatch => ({
  risk: TOOL_CHANGED,
  pointer: "",
  start: 0,
  length: shown.length,
  text: shown.slice(0, 200).toWellFormed(),
});

/** By code unit, as `assess` sorts. */
const byRisk = (a: RiskMatch, b: RiskMatch) => (a.risk < b.risk ? -1 : a.risk > b.risk ? 1 : 0);
