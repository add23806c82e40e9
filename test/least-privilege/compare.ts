import { type Allowance, covers, type Right } from "./right.ts";

/** A right that a role has and its function's own code never uses: why it has it all the same. */
export interface Apart {
  /** Names of the house plan; all functions where it is left out. */
  readonly functions?: readonly string[];
  /** Of all functions these do not have it. */
  readonly except?: readonly string[];
  readonly actions: readonly string[];
  /** The resource, named as `DeployedRights.plain` names it. */
  readonly resource: RegExp;
  readonly why: string;
}

export interface Difference {
  /** Allowed and never used. */
  readonly needless: readonly string[];
  /** Used and not allowed. */
  readonly missing: readonly string[];
  /** Listed apart, and no longer allowed or used after all. */
  readonly stale: readonly string[];
}

/** Holds what a function's role allows against what its code was seen to use. */
export function compare(
  name: string,
  {
    allowed,
    used,
    apart,
    plain,
  }: {
    readonly allowed: readonly Allowance[];
    readonly used: readonly Right[];
    readonly apart: readonly Apart[];
    readonly plain: (arn: string) => string;
  },
): Difference {
  const own = apart.filter(({ functions = [name], except = [] }) => functions.includes(name) && !except.includes(name));
  const isUsed = (allowance: Allowance) => used.some((right) => covers(allowance, right));
  const named = ({ action, resource }: Right | Allowance) => `${action} on ${plain(resource)}`;
  const speaksOf = ({ resource }: Apart, allowance: Allowance) => resource.test(plain(allowance.resource));
  const unused = allowed.filter((allowance) => !isUsed(allowance));
  return {
    needless: distinct(
      unused
        .filter((each) => !own.some((entry) => entry.actions.includes(each.action) && speaksOf(entry, each)))
        .map(named),
    ),
    missing: distinct(used.filter((right) => !allowed.some((allowance) => covers(allowance, right))).map(named)),
    stale: own.flatMap((entry) =>
      entry.actions
        .filter((action) => !unused.some((each) => each.action === action && speaksOf(entry, each)))
        .map((action) => `${action} on ${entry.resource.source}`),
    ),
  };
}

const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
