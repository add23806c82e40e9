import { fileURLToPath } from "node:url";
import { build } from "vite";

/**
 * Builds the console.
 *
 * @param outDir where to put it; `console/dist` when not given
 * @returns the folder that the `site` function serves
 */
export async function buildConsole(outDir = fileURLToPath(new URL("./dist", import.meta.url))): Promise<string> {
  await build({
    configFile: fileURLToPath(new URL("./vite.config.ts", import.meta.url)),
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}

if (import.meta.main) console.log(await buildConsole());
