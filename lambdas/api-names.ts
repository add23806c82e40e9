/** Name and stage of the REST API: CloudWatch tells its requests by them. */
export const API = { name: "countersign", stage: "live" } as const;
