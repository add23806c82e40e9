import { fileURLToPath } from "node:url";

/** How the suite starts our client: it splits this at spaces and hands it to a shell. */
export const CLIENT = [process.execPath, fileURLToPath(new URL("client/main.ts", import.meta.url))]
  .map((part) => JSON.stringify(part))
  .join(" ");
