import { createAudit } from "./audit.ts";

export const handler = createAudit(process.env);
