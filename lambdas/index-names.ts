/** Indexes of the approvals table, each ordered by `createdAt`: the stack makes them, the functions ask them. */
export const APPROVALS_INDEX = {
  /** By `status`. */
  byStatus: "byStatus",
  /** By `requesterId`. */
  byRequester: "byRequester",
} as const;

/** Partition of the access table in which all legal holds lie: they are few, and every run of the holder needs each. */
export const HOLDS = "holds";
