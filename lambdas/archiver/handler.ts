import { createArchiver } from "./archiver.ts";

export const handler = createArchiver(process.env);
