import { createMinter } from "./minter.ts";

export const handler = createMinter(process.env);
