import { createSweeper } from "./sweeper.ts";

export const handler = createSweeper(process.env);
