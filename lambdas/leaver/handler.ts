import { createLeaver } from "./leaver.ts";

export const handler = createLeaver(process.env);
