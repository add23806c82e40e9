import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildConsole } from "../console/build.ts";
import { buildSettings } from "./config/settings.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const NODE_OPTIONS = fileURLToPath(new URL("node-options.sh", import.meta.url));
const CEDAR = "node_modules/@cedar-policy/cedar-wasm";
/** PostgreSQL's parser, and the package of types that it imports. */
const SQL_PARSER = ["node_modules/libpg-query", "node_modules/@pgsql/types"];

/**
 * Puts beside a bundle what is not code: the validated settings, the wrapper that starts Node, Cedar's and the SQL parser's WebAssembly, which read their own files, and
 * for `site` the built console. Run by the bundling as `node lib/beside-bundle.ts <folder> <gateway.yaml> [console]`.
 */
const [folder = "", configFile = "", withConsole] = process.argv.slice(2);
writeFileSync(join(folder, "settings.json"), JSON.stringify(buildSettings(configFile)));
cpSync(NODE_OPTIONS, join(folder, "node-options.sh"));
mkdirSync(join(folder, CEDAR), { recursive: true });
cpSync(join(PROJECT, CEDAR, "package.json"), join(folder, CEDAR, "package.json"));
cpSync(join(PROJECT, CEDAR, "nodejs"), join(folder, CEDAR, "nodejs"), { recursive: true });
for (const parser of SQL_PARSER)
  cpSync(join(PROJECT, parser), join(folder, parser), {
    recursive: true,
    filter: (file) => !/\.(?:md|d\.ts)$/.test(file),
  });
if (withConsole === "console") await buildConsole(join(folder, "console"));
