import { type AuthorizationAnswer, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyBundle, PolicySource } from "../../../lib/config/policies.ts";
import { Remembered } from "../remembered.ts";
import { type CedarCall, carriesArguments, cedarCall } from "./cedar-call.ts";
import { type Circumstances, circumstances, type Question } from "./question.ts";
import { slices } from "./slices.ts";

/** Cedar's word on one question. */
export interface Answer {
  readonly allowed: boolean;
  /** The policies that made it so. */
  readonly determining: readonly string[];
  /** Policies that could not be evaluated. Cedar skips them, so whoever reads an answer must deny when there are any. */
  readonly errors: readonly PolicyFailure[];
}

/** A policy that could not be evaluated; without a policy it is the request that the schema does not admit. */
export interface PolicyFailure {
  readonly policy: string | null;
  readonly message: string;
}

export interface PolicyEngine {
  /** @throws CountersignError `bad_request` when the arguments hold more than policies can be asked about */
  ask(question: Question): Answer;
  /** The policy of that id. */
  policy(id: string): PolicySource | undefined;
}

/** Answers kept for questions that come again: a principal uses few tools, and a list asks about each of its items. */
const MOST_REMEMBERED = 1000;
/** Longest question that is remembered. */
const LONGEST_REMEMBERED = 8192;

/**
 * Parses the policies once. A decision asks Cedar about the facts that some policy names, with the policies whose scope
 * can match: `npm run bench -- policy` says what that takes. One that was made before takes next to nothing.
 *
 * @throws CountersignError `policy_invalid` when the bundle does not parse (the deployment validated it)
 */
export function policyEngine(bundle: PolicyBundle): PolicyEngine {
  const sliceFor = slices(bundle);
  const byId = new Map(bundle.policies.map((policy) => [policy.id, policy]));
  const remembered = new Remembered<string, Answer>(MOST_REMEMBERED);
  return {
    ask(question) {
      const call = cedarCall(question, sliceFor(question));
      // A caller's arguments are not kept in memory, and seldom come twice.
      if (carriesArguments(call)) return answerTo(call);
      // Cedar looks at nothing but the question and the policies, so equal questions have equal answers.
      const key = JSON.stringify(call);
      // What a caller makes long is not kept.
      if (key.length > LONGEST_REMEMBERED) return answerTo(call);
      const known = remembered.get(key);
      if (known !== undefined) return known;
      const answer = answerTo(call);
      remembered.set(key, answer);
      return answer;
    },
    policy: (id) => byId.get(id),
  };
}

/** The engine as it answers at one moment, to one request: questions that have no call of their own learn when and where from. */
export function engineAt(engine: PolicyEngine, when: Circumstances): PolicyEngine {
  const facts = circumstances(when);
  return { ...engine, ask: (question) => engine.ask({ ...question, context: { ...facts, ...question.context } }) };
}

/**
 * Cedar throws at what it cannot read: half a surrogate pair, which a server may send and UTF-8 does not have. The
 * policies admit no such request.
 */
function answerTo(call: CedarCall): Answer {
  let answer: AuthorizationAnswer;
  try {
    answer = statefulIsAuthorized(call);
  } catch (cause) {
    // A defect of the engine, or of ours, is no fault of the request.
    if (cause instanceof WebAssembly.RuntimeError || cause instanceof TypeError || cause instanceof RangeError)
      throw cause;
    return notAdmitted([String(cause)]);
  }
  if (answer.type === "failure") return notAdmitted(answer.errors.map(({ message }) => message));
  const { decision, diagnostics } = answer.response;
  return {
    allowed: decision === "allow",
    determining: [...diagnostics.reason].sort(),
    // Cedar names them in no order; a record and its repetition must say the same.
    errors: diagnostics.errors
      .map((e) => ({ policy: e.policyId, message: e.error.message }))
      .sort((a, b) => (a.policy < b.policy ? -1 : 1)),
  };
}

const notAdmitted = (messages: readonly string[]): Answer => ({
  allowed: false,
  determining: [],
  errors: messages.map((message) => ({ policy: null, message })),
});
