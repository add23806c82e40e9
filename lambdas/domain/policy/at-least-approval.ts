import type { Principal } from "../identity/principal.ts";
import { type Decision, decide } from "./decide.ts";
import type { PolicyEngine } from "./engine.ts";
import type { CallFacts, Subject } from "./question.ts";

/**
 * Decides a call that must not run unless a human approves it, whatever policies say: one that policy permits at once
 * is asked as `callWithApproval`, and a policy that would approve in a human's stead does not count.
 *
 * @param why what the caller is told where nobody can be asked
 */
export function decideAtLeastApproval(
  who: Principal,
  subject: Subject,
  facts: CallFacts,
  engine: PolicyEngine,
  why: string,
): Decision {
  const decision = decide(who, subject, facts, engine);
  if (decision.kind !== "allow") return decision;
  const asking = decide(who, subject, facts, onlyHumans(engine));
  if (asking.kind === "approve") return asking;
  return { kind: "deny", policies: asking.policies, reason: `${why}, and no policy says who may approve it` };
}

/** The same policies, as if none permitted at once and none approved by itself. */
function onlyHumans(engine: PolicyEngine): PolicyEngine {
  return {
    ...engine,
    ask: (asked) => (asked.action === "call" ? { allowed: false, determining: [], errors: [] } : engine.ask(asked)),
    policy(id) {
      const policy = engine.policy(id);
      if (policy === undefined) return undefined;
      const { approved_because: _, ...annotations } = policy.annotations;
      return { ...policy, annotations };
    },
  };
}
