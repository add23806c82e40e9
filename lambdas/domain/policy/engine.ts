import {
  type EntityJson,
  preparsePolicySet,
  preparseSchema,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyBundle, PolicySource } from "../../../lib/config/policies.ts";
import { CountersignError } from "../error.ts";
import type { Question } from "./question.ts";
import { type TagsAsked, tagsAsked, withoutUnasked } from "./tags-asked.ts";

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
  ask(question: Question): Answer;
  /** The policy of that id. */
  policy(id: string): PolicySource | undefined;
}

/** Answers kept for questions that come again: a principal uses few tools, and a list asks about each of its items. */
const MOST_REMEMBERED = 1000;
/** Longest question that is remembered. */
const LONGEST_REMEMBERED = 8192;

/**
 * Parses the policies once; a decision afterwards takes about a sixth of a millisecond, one that was made before none.
 *
 * @throws CountersignError `policy_invalid` when the bundle does not parse (the deployment validated it)
 */
export function policyEngine(bundle: PolicyBundle): PolicyEngine {
  // Cedar keeps parsed sets by name in its own memory; the digest as the name keeps two bundles apart in one process.
  const name = bundle.digest;
  const parsed = [
    preparseSchema(name, bundle.schema),
    preparsePolicySet(name, {
      staticPolicies: Object.fromEntries(bundle.policies.map((policy) => [policy.id, policy.text])),
    }),
  ];
  for (const part of parsed)
    if (part.type === "failure")
      throw new CountersignError("policy_invalid", part.errors.map((e) => e.message).join("; "));
  const texts = bundle.policies.map((policy) => policy.text);
  const asked = { tags: tagsAsked(texts), time: texts.some((text) => ASKS_TIME.test(text)) };
  const byId = new Map(bundle.policies.map((policy) => [policy.id, policy]));
  const remembered = new Map<string, Answer>();
  return {
    ask(question) {
      const call = callOf(question, name, asked);
      // A caller's arguments are not kept in memory, and seldom come twice.
      if (call.entities.some((entity) => Object.keys(entity.tags ?? {}).length > 0)) return answerTo(call);
      // Cedar looks at nothing but the question and the policies, so equal questions have equal answers.
      const key = JSON.stringify(call);
      // What a caller makes long is not kept.
      if (key.length > LONGEST_REMEMBERED) return answerTo(call);
      const known = remembered.get(key);
      if (known !== undefined) return known;
      const answer = answerTo(call);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(key, answer);
      return answer;
    },
    policy: (id) => byId.get(id),
  };
}

/** A policy that may name `context.time`. One with an escape may spell it in a way that only Cedar reads. */
const ASKS_TIME = /time|\\/;
const NO_TIME = { epochSeconds: 0, hour: 0, weekday: 1 };

type CedarCall = StatefulAuthorizationCall & { readonly entities: EntityJson[] };

function callOf(
  { principal, action, resource, context, entities }: Question,
  name: string,
  asked: { readonly tags: TagsAsked; readonly time: boolean },
): CedarCall {
  return {
    principal: principal.uid,
    action: { type: "Action", id: action },
    resource: resource.uid,
    // Where no policy names the time, questions of different moments are the same question.
    context: asked.time || context.time === undefined ? context : { ...context, time: NO_TIME },
    entities: entities.map((entity) =>
      entity.tags ? { ...entity, tags: withoutUnasked(entity.tags, asked.tags) } : entity,
    ),
    preparsedSchemaName: name,
    validateRequest: true,
    preparsedPolicySetId: name,
  };
}

function answerTo(call: CedarCall): Answer {
  const answer = statefulIsAuthorized(call);
  if (answer.type === "failure")
    return {
      allowed: false,
      determining: [],
      errors: answer.errors.map((e) => ({ policy: null, message: e.message })),
    };
  const { decision, diagnostics } = answer.response;
  return {
    allowed: decision === "allow",
    determining: [...diagnostics.reason].sort(),
    errors: diagnostics.errors.map((e) => ({ policy: e.policyId, message: e.error.message })),
  };
}
