import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Settings } from "../lib/config/settings.ts";
import { ENV, type Environment } from "./environment.ts";

/** Reads the settings that the deployment validated: the file named by the environment, or `settings.json` beside the bundle. */
export function loadSettings(environment: Environment): Settings {
  const file = environment[ENV.settingsFile] ?? fileURLToPath(new URL("./settings.json", import.meta.url));
  return JSON.parse(readFileSync(file, "utf8")) as Settings;
}
