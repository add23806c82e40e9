type Kind = "allow" | "deny" | "approve";

/** A decision that would be another one today. */
export interface Change {
  readonly at: string;
  readonly call: string | null;
  readonly who: string;
  readonly client: string;
  readonly asked: string;
  readonly before: Kind;
  readonly after: Kind;
  /** The approver group that was asked; null where none was, or where nothing that was read says which. */
  readonly groupBefore: string | null;
  readonly groupAfter: string | null;
  readonly policiesBefore: readonly string[];
  readonly policiesAfter: readonly string[];
  readonly risksBefore: readonly string[];
  readonly risksAfter: readonly string[];
  /** Decided on masked arguments: the archive that this command reads holds no others. */
  readonly masked: boolean;
}

/** What a simulation keeps, however many calls it reads. */
export class Tally {
  read = 0;
  masked = 0;
  changed = 0;
  /** Equal decisions that other policies would make. */
  otherPolicies = 0;
  /** Calls that need approval then and now, where nothing that was read says of which group. */
  groupsUnknown = 0;
  readonly left = new Map<string, number>();
  readonly kinds = new Map<string, number>();
  readonly policies = new Map<string, number>();
  readonly changes: Change[] = [];
  /** The group that was asked about a call, by the call's id. A call's own record does not name it. */
  readonly groups = new Map<string, string>();
  /** Calls that need approval then and now, until it is known which group was asked. */
  readonly #asking: Change[] = [];
  readonly #most: number;

  /** @param most changes that are kept; all are counted */
  constructor(most: number) {
    this.#most = most;
  }

  /** A call that was decided again. */
  add(change: Change): void {
    if (change.before !== change.after) this.#note(change);
    else if (change.after === "approve") this.#asking.push(change);
    else if (!hasSamePolicies(change)) this.otherPolicies += 1;
  }

  /** A call that could not be decided again. */
  leave(error: unknown): void {
    count(this.left, error instanceof Error ? error.message : String(error));
  }

  /** To be called when all is read: who was asked stands in the record of the approval, which comes after that of the call. */
  compareGroups(): void {
    for (const change of this.#asking) {
      const groupBefore = this.groups.get(change.call ?? "") ?? null;
      if (groupBefore !== null && groupBefore !== change.groupAfter) {
        this.#note({ ...change, groupBefore });
        continue;
      }
      if (groupBefore === null) this.groupsUnknown += 1;
      if (!hasSamePolicies(change)) this.otherPolicies += 1;
    }
  }

  #note(change: Change): void {
    this.changed += 1;
    count(this.kinds, decisionsOf(change));
    for (const policy of new Set([...change.policiesBefore, ...change.policiesAfter])) count(this.policies, policy);
    if (this.changes.length < this.#most) this.changes.push(change);
  }
}

const hasSamePolicies = ({ policiesBefore, policiesAfter }: Change) =>
  [...policiesBefore].sort().join() === [...policiesAfter].sort().join();

/** What it was and would be; of whom it is asked, where nothing else differs. */
export const decisionsOf = ({ before, after, groupBefore, groupAfter }: Change) =>
  before === after ? `${before} (${groupBefore}) → ${after} (${groupAfter})` : `${before} → ${after}`;

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
