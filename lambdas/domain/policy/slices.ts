import { policyToJson, preparsePolicySet, preparseSchema, schemaToJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyBundle } from "../../../lib/config/policies.ts";
import { CountersignError } from "../error.ts";
import { Remembered } from "../remembered.ts";
import { type FactsAsked, factsAsked } from "./facts-asked.ts";
import type { Question } from "./question.ts";
import { riskGuard } from "./risk-guard.ts";
import { canMatch, type Scoped } from "./scope.ts";
import { slimSchema } from "./slim-schema.ts";

/** The policies that can matter to a question, parsed, with the schema of what they ask. */
export interface Slice {
  /** Names under which Cedar holds them. */
  readonly policies: string;
  readonly schema: string;
  readonly asked: FactsAsked;
}

/** Slices that are told apart by groups and risks too: these have as many combinations as people and calls have. */
const MOST_FINE = 500;
/** Slices that are found again without looking, and the longest question that they are found by. */
const MOST_FOUND = 1000;
const LONGEST_KEY = 2048;

/**
 * Cuts a bundle to the policies whose scope, and what they say of risks before all else, can match a question. Cedar evaluates every policy of a set and reads every
 * fact of a question, so a hundred policies would cost what the few that can matter need not. A slice is parsed when it
 * is first needed; there are no more of them than scopes tell apart, whatever callers ask.
 *
 * @throws CountersignError `policy_invalid` when the bundle does not parse
 */
export function slices(bundle: PolicyBundle): (question: Question) => Slice {
  const policies = bundle.policies.map(({ id, text }) => {
    const json = bundle.parsed?.policies[id] ?? parsed(policyToJson(text)).json;
    return { id, text, json, guard: riskGuard(json) };
  });
  const schema = bundle.parsed?.schema ?? parsed(schemaToJson(bundle.schema)).json;
  const known = new Map<string, Slice>();

  const make = (name: string, scoped: Scoped, matching: readonly number[]): Slice => {
    const chosen = matching.flatMap((at) => policies[at] ?? []);
    const asked = factsAsked(chosen.map(({ json }) => json));
    const types = { action: scoped.action, principal: scoped.principal.uid.type, resource: scoped.resource.uid.type };
    parsed(preparseSchema(name, slimSchema(schema, types, asked)));
    parsed(preparsePolicySet(name, { staticPolicies: Object.fromEntries(chosen.map(({ id, text }) => [id, text])) }));
    return { policies: name, schema: name, asked };
  };

  const candidates = (scoped: Scoped, risks: ReadonlySet<string> | undefined) =>
    policies.flatMap(({ json, guard }, at) =>
      (guard === undefined || risks === undefined || guard(risks)) && canMatch(json, scoped) ? [at] : [],
    );
  // Cedar keeps what it parsed by name in its own memory; the digest keeps two bundles apart in one process.
  const nameOf = ({ principal, action, resource }: Scoped, matching: readonly number[]) =>
    `${bundle.digest}/${principal.uid.type}/${action}/${resource.uid.type}/${matching.join(",")}`;

  const find = (scoped: Scoped, risks: ReadonlySet<string> | undefined): Slice => {
    let matching = candidates(scoped, risks);
    let name = nameOf(scoped, matching);
    if (known.size >= MOST_FINE && !known.has(name)) {
      matching = candidates({ ...scoped, principal: { ...scoped.principal, parents: null } }, undefined);
      name = nameOf(scoped, matching);
    }
    const slice = known.get(name) ?? make(name, scoped, matching);
    known.set(name, slice);
    return slice;
  };

  const found = new Remembered<string, Slice>(MOST_FOUND);
  return ({ principal, action, resource, context }) => {
    const risks = Array.isArray(context.risks) ? context.risks.map(String) : undefined;
    const key = JSON.stringify([principal.uid, principal.parents, action, resource.uid, resource.parents, risks]);
    const slice = found.get(key) ?? find({ principal, action, resource }, risks && new Set(risks));
    if (key.length <= LONGEST_KEY) found.set(key, slice);
    return slice;
  };
}

/** @throws CountersignError `policy_invalid` */
function parsed<T extends { readonly type: string }>(answer: T): Extract<T, { readonly type: "success" }> {
  if (answer.type === "success") return answer as Extract<T, { readonly type: "success" }>;
  const errors = "errors" in answer ? (answer.errors as readonly { readonly message: string }[]) : [];
  throw new CountersignError("policy_invalid", errors.map(({ message }) => message).join("; "));
}
