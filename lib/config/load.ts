import { readFileSync } from "node:fs";
import { ConfigError } from "./config-error.ts";
import { type Config, configSchema } from "./schema.ts";
import { parseYaml } from "./yaml-file.ts";

export { ConfigError };

/**
 * Reads and validates `gateway.yaml`.
 *
 * @throws ConfigError: one line for each mistake, with file, line, path, what was found and what is allowed
 */
export function loadConfig(file: string): Config {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new ConfigError([`${file}: cannot be read; name the configuration with -c config=<file>`]);
  }
  return parseYaml(text, file, configSchema);
}
