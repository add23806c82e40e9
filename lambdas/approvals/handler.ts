import { createApprovals } from "./approvals.ts";

export const handler = createApprovals(process.env);
