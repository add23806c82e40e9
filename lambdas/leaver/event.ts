/** What the rule on the bus lets through to the leaver function: `source` and `detail-type` of an event. */
export const LEAVER_EVENT = { source: "identity.leaver", detailType: "Countersign Principal Left" } as const;
