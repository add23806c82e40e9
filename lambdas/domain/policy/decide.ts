import type { Principal } from "../identity/principal.ts";
import type { Answer, PolicyEngine } from "./engine.ts";
import { type CallFacts, type Circumstances, question, type Subject } from "./question.ts";

/** What happens to a call, and which policies made it so. */
export type Decision =
  | {
      readonly kind: "allow";
      readonly policies: readonly string[];
      /** The policy that approved it in a human's stead, and the reason it states. */
      readonly approvedBy?: { readonly policy: string; readonly reason: string };
    }
  | { readonly kind: "deny"; readonly policies: readonly string[]; readonly reason: string }
  | {
      readonly kind: "approve";
      readonly policies: readonly string[];
      readonly group: string;
      /** What a yes may reach beyond this call. */
      readonly scopes: GrantScopes;
    };

export interface GrantScopes {
  readonly session: boolean;
  /** Null where no time may be granted. */
  readonly maxMinutes: number | null;
}

/**
 * Decides a call: may this principal do it now, or with approval, or not at all.
 * Fails closed: a policy that cannot be evaluated denies, because Cedar itself would skip it and a skipped `forbid` would let the call through.
 */
export function decide(who: Principal, subject: Subject, facts: CallFacts, engine: PolicyEngine): Decision {
  const action = actionOf(subject, facts);
  const now = engine.ask(question(who, action, subject, facts));
  if (now.errors.length > 0) return broken(now);
  if (now.allowed) return { kind: "allow", policies: now.determining };
  if (action !== "call") return deny(now, reasonOf(now));

  const later = engine.ask(question(who, "callWithApproval", subject, facts));
  if (later.errors.length > 0) return broken(later);
  if (!later.allowed) {
    const telling = later.determining.length > 0 ? later : now;
    return deny(telling, reasonOf(telling));
  }

  const approvedBy = approvedByPolicy(later, engine);
  if (approvedBy !== undefined) return { kind: "allow", policies: later.determining, approvedBy };
  const asking = approversOf(later, engine);
  if (asking === undefined)
    return now.determining.length > 0
      ? deny(now, reasonOf(now))
      : deny(later, "the policy asks for approval but names no approvers");
  return { kind: "approve", policies: later.determining, ...asking };
}

/** Whether policy lets a principal run a call that needs approval without it, for a reason that it states. */
export function mayBreakGlass(who: Principal, subject: Subject, facts: CallFacts, engine: PolicyEngine): boolean {
  const answer = engine.ask(question(who, "breakGlass", subject, facts));
  return answer.allowed && answer.errors.length === 0;
}

/**
 * Decides a message that is about several things: it may only if it may for each of them. Where one needs approval, all
 * of it does.
 */
export function decideAll(
  who: Principal,
  subjects: readonly [Subject, ...Subject[]],
  facts: CallFacts,
  engine: PolicyEngine,
): Decision {
  const [first, ...others] = subjects.map((subject) => decide(who, subject, facts, engine)) as [
    Decision,
    ...Decision[],
  ];
  const all = [first, ...others];
  return all.find(({ kind }) => kind === "deny") ?? all.find(({ kind }) => kind === "approve") ?? first;
}

/**
 * Decides what a server says unasked to this caller: a notice needs `discover`, as lists do; a request makes the
 * client act or tell something, so it needs `call`.
 */
export function decideFromServer(
  who: Principal,
  subject: Subject,
  facts: CallFacts & { readonly isRequest: boolean },
  engine: PolicyEngine,
): Decision {
  if (facts.isRequest && !DISCOVERING.has(facts.method)) {
    const decision = decide(who, subject, facts, engine);
    return decision.kind === "approve"
      ? { ...decision, kind: "deny", reason: "it needs approval, and a server's request cannot wait for it" }
      : decision;
  }
  const answer = engine.ask(question(who, "discover", subject, facts));
  if (answer.errors.length > 0) return broken(answer);
  return answer.allowed
    ? { kind: "allow", policies: answer.determining }
    : deny(
        answer,
        answer.determining.length > 0
          ? `forbidden by policy ${answer.determining.join(", ")}`
          : "no policy permits this caller to hear it",
      );
}

/** Methods that only find out, or keep a connection going. Any other method may act, so it needs `call`. */
const DISCOVERING = new Set([
  "GET",
  "DELETE",
  "subscriptions/listen",
  "initialize",
  "ping",
  "server/discover",
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "logging/setLevel",
  "notifications/initialized",
  "notifications/cancelled",
  "notifications/progress",
  "notifications/roots/list_changed",
]);

function actionOf(subject: Subject, { method, arguments: said }: CallFacts): "read" | "discover" | "call" {
  if (subject.kind === "resource") return "read";
  // An answer to a server (no method) that is an empty result, as to a ping, keeps the connection going.
  const discovers = DISCOVERING.has(method) || (method === "" && said === undefined);
  return subject.kind === "server" && discovers ? "discover" : "call";
}

/** Whether a principal may see that something exists. */
export function mayDiscover(
  who: Principal,
  subject: Subject,
  engine: PolicyEngine,
  when: Circumstances & Pick<CallFacts, "session">,
): boolean {
  const answer = engine.ask(
    question(who, "discover", subject, { method: "discover", risks: [], arguments: undefined, ...when }),
  );
  return answer.allowed && answer.errors.length === 0;
}

/** The group, and how far its yes may reach, of the first determining policy by id that names one: stable however many permit. */
function approversOf(
  { determining }: Answer,
  engine: PolicyEngine,
): { readonly group: string; readonly scopes: GrantScopes } | undefined {
  for (const id of determining) {
    const { approvers, grant_minutes: minutes, grant_session: session } = engine.policy(id)?.annotations ?? {};
    if (approvers === undefined) continue;
    return {
      group: approvers,
      scopes: { session: session === "true", maxMinutes: minutes === undefined ? null : Number(minutes) },
    };
  }
  return undefined;
}

/** The first determining policy that approves by itself, annotated with its reason. */
function approvedByPolicy({ determining }: Answer, engine: PolicyEngine) {
  for (const policy of determining) {
    const reason = engine.policy(policy)?.annotations.approved_because;
    if (reason !== undefined) return { policy, reason };
  }
  return undefined;
}

const reasonOf = (answer: Answer) =>
  answer.determining.length > 0
    ? `forbidden by policy ${answer.determining.join(", ")}`
    : "no policy permits this call";

/** Names the policies that broke; what Cedar says about them goes no further than to the caller's administrator. */
function broken({ errors }: Answer): Decision {
  const policies = [...new Set(errors.flatMap(({ policy }) => (policy === null ? [] : [policy])))].sort();
  const which =
    policies.length === 0
      ? "the policies do not admit this request"
      : `policy ${policies.join(", ")} could not be evaluated`;
  return { kind: "deny", policies, reason: which };
}

const deny = (answer: Answer, reason: string): Decision => ({ kind: "deny", policies: answer.determining, reason });
