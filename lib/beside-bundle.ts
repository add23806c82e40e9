import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildConsole } from "../console/build.ts";
import { buildSettings } from "./config/settings.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const CEDAR = "node_modules/@cedar-policy/cedar-wasm";

/**
 * Puts beside a bundle what is not code: the validated settings, Cedar's WebAssembly, which reads its own file, and
 * for `site` the built console. Run by the bundling as `node lib/beside-bundle.ts <folder> <gateway.yaml> [console]`.
 */
const [folder = "", configFile = "", withConsole] = process.argv.slice(2);
writeFileSync(join(folder, "settings.json"), JSON.stringify(buildSettings(configFile)));
mkdirSync(join(folder, CEDAR), { recursive: true });
cpSync(join(PROJECT, CEDAR, "package.json"), join(folder, CEDAR, "package.json"));
cpSync(join(PROJECT, CEDAR, "nodejs"), join(folder, CEDAR, "nodejs"), { recursive: true });
if (withConsole === "console") await buildConsole(join(folder, "console"));
