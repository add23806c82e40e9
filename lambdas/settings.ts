import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Settings } from "../lib/config/settings.ts";
import { type PoolFacts, withPool } from "./domain/identity/pool.ts";
import { ENV, type Environment, requireEnv } from "./environment.ts";

/**
 * The settings that the deployment validated, with what is known of a user pool only since it was made.
 * @throws Error when a pool is configured and the environment does not tell of it
 */
export function loadSettings(environment: Environment): Settings {
  const settings = readSettings(environment);
  if (settings.config.identity.saml == null) return settings;
  const pool = JSON.parse(requireEnv(environment, ENV.identityPool)) as PoolFacts;
  return { ...settings, config: withPool(settings.config, pool) };
}

/** The settings as they were validated, from the file named by the environment or `settings.json` beside the bundle. */
export function readSettings(environment: Environment): Settings {
  const file = environment[ENV.settingsFile] ?? fileURLToPath(new URL("./settings.json", import.meta.url));
  return JSON.parse(readFileSync(file, "utf8")) as Settings;
}
