import { createSite } from "./site.ts";

export const handler = createSite(process.env);
