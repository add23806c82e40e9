import type { PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { TagsAsked } from "./argument-tags.ts";

/** What of a question policies can look at; everything else decides nothing and need not reach Cedar. */
export interface FactsAsked {
  /** Attributes of `context`. */
  readonly context: ReadonlySet<string> | "all";
  /** Names of attributes, of whatever: entities are compared by their ids, so one that is named nowhere is not seen. */
  readonly attributes: ReadonlySet<string>;
  /** Tags of arguments or claims. */
  readonly tags: TagsAsked;
}

/**
 * Reads from policies which facts can matter to them. A fact that no policy names decides nothing, and Cedar takes
 * longer to read a question than to evaluate the policies.
 *
 * @param policies parsed by Cedar: an escape in the text cannot hide a name
 */
export function factsAsked(policies: readonly PolicyJson[]): FactsAsked {
  const context = new Set<string>();
  const tags = new Set<string>();
  const attributes = new Set<string>();
  let wholeContext = false;
  let computedTag = false;
  const visit = (part: unknown): void => {
    if (!isObject(part)) return;
    for (const [operator, operand] of Object.entries(part)) {
      if ((operator === "." || operator === "has") && isObject(operand)) {
        // `context has a.b` names its path as a list.
        const path = Array.isArray(operand.attr) ? operand.attr : [operand.attr];
        for (const name of path) attributes.add(String(name));
        if (isContext(operand.left)) {
          context.add(String(path[0]));
          continue;
        }
      }
      // The context as a value, compared with another for example.
      if (operator === "Var" && operand === "context") wholeContext = true;
      if (operator === "getTag" || operator === "hasTag") {
        const name = isObject(operand) && isObject(operand.right) ? operand.right.Value : undefined;
        if (typeof name === "string") tags.add(name);
        else computedTag = true;
      }
      visit(operand);
    }
  };
  for (const policy of policies) visit(policy.conditions);
  return { context: wholeContext ? "all" : context, attributes, tags: computedTag ? "all" : tags };
}

const isContext = (part: unknown) => isObject(part) && part.Var === "context";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
