import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const NODE_OPTIONS = fileURLToPath(new URL("node-options.sh", import.meta.url));

/** What a bundle imports and cannot hold, since it reads WebAssembly from a file of its own; and what must lie beside the bundle for it. */
const PARSERS: readonly { readonly imported: string; readonly parts: readonly string[] }[] = [
  {
    imported: "@cedar-policy/cedar-wasm/nodejs",
    parts: ["@cedar-policy/cedar-wasm/package.json", "@cedar-policy/cedar-wasm/nodejs"],
  },
  // PostgreSQL's parser, and the package of types that it imports.
  { imported: "libpg-query", parts: ["libpg-query", "@pgsql/types"] },
];

/**
 * Puts beside a bundle what is not code: the validated settings, the wrapper that starts Node, of Cedar's and the SQL parser's WebAssembly what
 * the bundle imports, and for `site` the built console. Run by the bundling as `node lib/beside-bundle.ts <folder> <settings.json> [console]`.
 */
const [folder = "", settingsFile = "", withConsole] = process.argv.slice(2);
cpSync(settingsFile, join(folder, "settings.json"));
cpSync(NODE_OPTIONS, join(folder, "node-options.sh"));
const bundle = readFileSync(join(folder, "index.mjs"), "utf8");
for (const part of PARSERS.filter(({ imported }) => bundle.includes(imported)).flatMap(({ parts }) => parts))
  cpSync(join(PROJECT, "node_modules", part), join(folder, "node_modules", part), {
    recursive: true,
    filter: (file) => !/\.(?:md|d\.ts)$/.test(file),
  });
if (withConsole === "console") {
  const { buildConsole } = await import("../console/build.ts");
  await buildConsole(join(folder, "console"));
}
