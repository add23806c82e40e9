import { createListener } from "./listener.ts";

export const handler = createListener(process.env);
