import { policyToJson } from "@cedar-policy/cedar-wasm/nodejs";
import { CountersignError } from "../error.ts";

/** Names of the tags that policies look at; "all" where one of them computes a name, which then may be any. */
export type TagsAsked = ReadonlySet<string> | "all";

/**
 * Reads from policies which tags can matter to them. A tag that no policy names decides nothing, and Cedar takes longer
 * to parse a call's arguments than to evaluate the policies.
 *
 * @param policies Cedar texts
 * @throws CountersignError `policy_invalid` when one does not parse
 */
export function tagsAsked(policies: readonly string[]): TagsAsked {
  const asked = new Set<string>();
  let computed = false;
  const visit = (part: unknown): void => {
    if (!isObject(part)) return;
    for (const [operator, operand] of Object.entries(part)) {
      if (operator === "getTag" || operator === "hasTag") {
        const name = isObject(operand) && isObject(operand.right) ? operand.right.Value : undefined;
        if (typeof name === "string") asked.add(name);
        else computed = true;
      }
      visit(operand);
    }
  };
  for (const policy of policies) {
    const answer = policyToJson(policy);
    if (answer.type === "failure")
      throw new CountersignError("policy_invalid", answer.errors.map((e) => e.message).join("; "));
    visit(answer.json);
  }
  return computed ? "all" : asked;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The tags among these that are asked for. */
export function withoutUnasked<T>(tags: Readonly<Record<string, T>>, asked: TagsAsked): Readonly<Record<string, T>> {
  if (asked === "all") return tags;
  return Object.fromEntries(Object.entries(tags).filter(([name]) => asked.has(name)));
}
