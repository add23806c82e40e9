import type { CedarValueJson, EntityJson, StatefulAuthorizationCall } from "@cedar-policy/cedar-wasm/nodejs";
import { argumentTags } from "./argument-tags.ts";
import type { FactsAsked } from "./facts-asked.ts";
import type { CedarEntity, Question } from "./question.ts";
import type { Slice } from "./slices.ts";

/** A question in Cedar's JSON. */
export type CedarCall = StatefulAuthorizationCall & {
  readonly context: Readonly<Record<string, CedarValueJson>>;
  readonly entities: EntityJson[];
};

const ARGUMENTS = { type: "Arguments", id: "call" };
const CLAIMS = { type: "Claims", id: "token" };

/**
 * Writes a question for Cedar: what is asked for, and nothing else. Texts of callers stand in values of texts, in ids and
 * in names of tags alone, so that none of them is read as Cedar JSON.
 *
 * @throws CountersignError `bad_request` when the arguments hold more than a policy can be asked about
 */
export function cedarCall(
  { principal, action, resource, context, arguments: args, claims }: Question,
  { asked, schema, policies }: Slice,
): CedarCall {
  const isCall = "method" in context;
  const known: Readonly<Record<string, CedarValueJson>> = {
    ...context,
    ...(isCall ? { arguments: { __entity: ARGUMENTS } } : {}),
    claims: { __entity: CLAIMS },
  };
  const wanted = (name: string) => asked.context === "all" || asked.context.has(name);
  const entities: EntityJson[] = [withAsked(principal, asked), withAsked(resource, asked)];
  // Looked at whether or not a policy asks, for what is too much is refused whatever the policies.
  const tags = isCall ? argumentTags(args, asked.tags) : {};
  if (isCall && wanted("arguments")) entities.push({ uid: ARGUMENTS, parents: [], attrs: {}, tags });
  if (wanted("claims")) entities.push({ uid: CLAIMS, parents: [], attrs: {}, tags: tagsOf(claims, asked) });
  return {
    principal: principal.uid,
    action: { type: "Action", id: action },
    resource: resource.uid,
    context: Object.fromEntries(Object.entries(known).filter(([name]) => wanted(name))),
    entities,
    preparsedSchemaName: schema,
    validateRequest: true,
    preparsedPolicySetId: policies,
  };
}

const withAsked = (entity: CedarEntity, { attributes }: FactsAsked): EntityJson => ({
  ...entity,
  attrs: Object.fromEntries(Object.entries(entity.attrs).filter(([name]) => attributes.has(name))),
});

const tagsOf = (claims: Question["claims"], { tags }: FactsAsked) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => tags === "all" || tags.has(name)));

/** Whether a question carries what a caller said in its call. */
export const carriesArguments = ({ entities }: CedarCall): boolean =>
  entities.some(({ uid, tags }) => uid === ARGUMENTS && Object.keys(tags ?? {}).length > 0);
