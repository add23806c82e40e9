/** One thing that AWS asks a role's policy for. */
export interface Right {
  /** As IAM names it: `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
  /** What conditions look at, by IAM's key. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** A right that a policy allows: its resource is a pattern of IAM's. */
export interface Allowance {
  readonly action: string;
  readonly resource: string;
  readonly conditions: Conditions;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Whether an allowance lets a right through. */
export const covers = ({ action, resource, conditions }: Allowance, right: Right): boolean =>
  action === right.action &&
  matches(resource, right.resource) &&
  Object.entries(conditions).every(([operator, tests]) =>
    Object.entries(tests).every(([key, values]) => holds(operator, [values].flat(), right.context?.[key] ?? [])),
  );

/** Conditions of another kind than the product's own are no conditions that this can judge. */
function holds(operator: string, patterns: readonly string[], values: readonly string[]): boolean {
  const fits = (value: string) => patterns.some((pattern) => matches(pattern, value));
  if (operator === "ForAllValues:StringLike") return values.length > 0 && values.every(fits);
  if (operator === "StringEquals") return values.length === 1 && patterns.includes(values[0] ?? "");
  throw new Error(`no test was written for the condition ${operator}`);
}

/** IAM's patterns: `*` for anything, `?` for one character. */
export function matches(pattern: string, value: string): boolean {
  const parts = [...pattern].map((sign) =>
    sign === "*" ? ".*" : sign === "?" ? "." : sign.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${parts.join("")}$`, "s").test(value);
}
