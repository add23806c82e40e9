import { createRefusals } from "./refusals.ts";

export const handler = createRefusals(process.env);
