import type { PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";

/** Whether a policy's first condition can hold for a call with these risks. */
export type RiskGuard = (risks: ReadonlySet<string>) => boolean;

/**
 * What a policy says of risks before anything else. Cedar evaluates from left to right and stops at what is false: a
 * policy whose first condition is false neither decides nor fails, so it can be left out. Undefined where the first
 * condition is about something else.
 */
export function riskGuard({ conditions }: PolicyJson): RiskGuard | undefined {
  const [first] = conditions;
  if (first?.kind !== "when") return undefined;
  let leftmost: unknown = first.body;
  for (let and = part(leftmost, "&&"); and !== undefined; and = part(leftmost, "&&")) leftmost = and.left;
  if (isRisks(part(leftmost, "isEmpty")?.arg)) return (risks) => risks.size === 0;
  const contains = part(leftmost, "contains");
  const label = part(contains, "right")?.Value;
  if (isRisks(contains?.left) && typeof label === "string") return (risks) => risks.has(label);
  const any = part(leftmost, "containsAny");
  const labels = textsOf(part(any, "right"));
  if (isRisks(any?.left) && labels !== undefined) return (risks) => labels.some((one) => risks.has(one));
  return undefined;
}

const isRisks = (value: unknown) => {
  const access = part(value, ".");
  return access?.attr === "risks" && part(access, "left")?.Var === "context";
};

/** The texts of a set that is written out. */
function textsOf(set: Readonly<Record<string, unknown>> | undefined): string[] | undefined {
  if (!Array.isArray(set?.Set)) return undefined;
  const texts = set.Set.map((entry) => (isObject(entry) ? entry.Value : undefined));
  return texts.every((text) => typeof text === "string") ? texts : undefined;
}

function part(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
