import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildConsole } from "../../console/build.ts";

const SOURCES = [
  "console/src",
  "console/public",
  "console/index.html",
  "console/vite.config.ts",
  "lambdas/domain/approval/rendered.ts",
  "lambdas/domain/json",
  "package-lock.json",
];
const CACHE = "node_modules/.cache/";

/** The folder of the built console; built once for every state of its sources, whichever test comes first. */
export async function builtConsole(): Promise<string> {
  const project = fileURLToPath(new URL("../../", import.meta.url));
  const hash = createHash("sha256");
  for (const source of SOURCES)
    for (const path of filesIn(project + source)) {
      const { mtimeMs, size } = statSync(path);
      hash.update(`${path} ${mtimeMs} ${size}\n`);
    }
  const folder = `${project}${CACHE}console-${hash.digest("hex").slice(0, 16)}`;
  if (existsSync(folder)) return folder;
  mkdirSync(project + CACHE, { recursive: true });
  const building = mkdtempSync(`${folder}-`);
  await buildConsole(building);
  try {
    renameSync(building, folder);
  } catch {
    // Another worker was first.
    rmSync(building, { recursive: true });
  }
  return folder;
}

const filesIn = (path: string): string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath}/${entry.name}`)
        .toSorted();
