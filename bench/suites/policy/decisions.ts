import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import { type Decision, decide } from "../../../lambdas/domain/policy/decide.ts";
import { type PolicyEngine, policyEngine } from "../../../lambdas/domain/policy/engine.ts";
import { quantile, slope } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import { argumentsOf, policiesOf } from "./rules.ts";

const DEVELOPER: Principal = {
  kind: "user",
  id: "company|u1",
  issuer: "https://login.example.com",
  subject: "u1",
  client: "cli",
  name: "U One",
  groups: ["developers"],
  person: "u1@example.com",
  initiator: null,
  signIn: "s1",
  jti: null,
  authTime: 1,
  acr: null,
  amr: ["pwd"],
  delegation: [],
};

const TOOL = { kind: "tool", server: "ops", name: "deploy" } as const;
const SIZES = [1, 10, 50, 250] as const;

/** What a decision takes. Arguments are other ones each time, so that none was made before, except where it is said. */
export function decisions(runs: number): Metric[] {
  const hundred = policyEngine(policiesOf(100));
  const ten = policyEngine(policiesOf(10));
  const allowed = times(hundred, 10_240, [], "allow", runs);
  const asked = times(hundred, 10_240, ["iam-change"], "approve", runs);
  const bySize = SIZES.map((size) => ({ x: size, y: p50(times(hundred, size * 1024, [], "allow", runs)) }));
  const [, , fifty = NO_SIZE, most = NO_SIZE] = bySize;
  return [
    metric("decision: 100 policies, 10 KB of new arguments, allowed, p50", p50(allowed), "ms", 0.3),
    metric("decision: 100 policies, 10 KB of new arguments, allowed, p99", quantile(allowed, 0.99), "ms"),
    metric("decision: 100 policies, 10 KB of new arguments, needs approval (two questions), p50", p50(asked), "ms"),
    metric(
      "decision: 10 policies, 10 KB of new arguments, allowed, p50",
      p50(times(ten, 10_240, [], "allow", runs)),
      "ms",
    ),
    metric("decision: 100 policies, no arguments, made before, p50", p50(times(hundred, 0, [], "allow", runs)), "ms"),
    ...bySize.map(({ x, y }) => metric(`decision: 100 policies, ${x} KB, p50`, y, "ms")),
    metric("decision: each further KB of arguments (fitted line)", slope(bySize) * 1000, "µs"),
    // Five times the arguments may take five times as long: more would be worse than linear.
    metric("decision: 250 KB in times of 50 KB", most.y / fifty.y, "x", 6),
  ];
}

const NO_SIZE = { x: Number.NaN, y: Number.NaN };

const p50 = (values: readonly number[]) => quantile(values, 0.5);

/** Milliseconds of each decision, and that it is the one it should be. */
function times(
  engine: PolicyEngine,
  bytes: number,
  risks: readonly string[],
  kind: Decision["kind"],
  runs: number,
): number[] {
  const WARM_UP = Math.ceil(runs / 5);
  const taken: number[] = [];
  for (let run = -WARM_UP; run < runs; run += 1) {
    const args = bytes === 0 ? undefined : argumentsOf(bytes, run);
    const facts = { method: "tools/call", risks, arguments: args, at: 1_700_000_000_000 + run };
    const begun = performance.now();
    const decision = decide(DEVELOPER, TOOL, facts, engine);
    const ended = performance.now();
    if (decision.kind !== kind) throw new Error(`decided ${decision.kind}, not ${kind}`);
    if (run >= 0) taken.push(ended - begun);
  }
  return taken;
}
