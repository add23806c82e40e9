import { createHolder } from "./holder.ts";

export const handler = createHolder(process.env);
