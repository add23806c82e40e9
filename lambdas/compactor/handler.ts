import { createCompactor } from "./compactor.ts";

export const handler = createCompactor(process.env);
