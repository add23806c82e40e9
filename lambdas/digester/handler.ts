import { createDigester } from "./digester.ts";

export const handler = createDigester(process.env);
