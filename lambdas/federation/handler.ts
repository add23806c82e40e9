import { createFederation } from "./federation.ts";

export const handler = createFederation(process.env);
