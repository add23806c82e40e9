import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const NODE_OPTIONS = fileURLToPath(new URL("node-options.sh", import.meta.url));
const CEDAR = "node_modules/@cedar-policy/cedar-wasm";
/** PostgreSQL's parser, and the package of types that it imports. */
const SQL_PARSER = ["node_modules/libpg-query", "node_modules/@pgsql/types"];

/**
 * Puts beside a bundle what is not code: the validated settings, the wrapper that starts Node, Cedar's and the SQL parser's WebAssembly, which read their own files, and
 * for `site` the built console. Run by the bundling as `node lib/beside-bundle.ts <folder> <settings.json> [console]`.
 */
const [folder = "", settingsFile = "", withConsole] = process.argv.slice(2);
cpSync(settingsFile, join(folder, "settings.json"));
cpSync(NODE_OPTIONS, join(folder, "node-options.sh"));
mkdirSync(join(folder, CEDAR), { recursive: true });
cpSync(join(PROJECT, CEDAR, "package.json"), join(folder, CEDAR, "package.json"));
cpSync(join(PROJECT, CEDAR, "nodejs"), join(folder, CEDAR, "nodejs"), { recursive: true });
for (const parser of SQL_PARSER)
  cpSync(join(PROJECT, parser), join(folder, parser), {
    recursive: true,
    filter: (file) => !/\.(?:md|d\.ts)$/.test(file),
  });
if (withConsole === "console") {
  const { buildConsole } = await import("../console/build.ts");
  await buildConsole(join(folder, "console"));
}
