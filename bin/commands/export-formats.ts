/** What `countersign export` can write. */
export const FORMATS = ["ocsf", "jsonl", "csv"] as const;

export type Format = (typeof FORMATS)[number];
