import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { parseYaml } from "./yaml-file.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 digest in hex, as `countersign pins export` writes it");

const pinsSchema = z.strictObject({
  servers: z
    .record(z.string(), z.record(z.string(), z.array(sha256).min(1)))
    .describe("For each server its tools, and for each tool the digests of the definitions that may be shown"),
});

/** The whole of `config/pins.json`. */
export type PinsConfig = z.infer<typeof pinsSchema>;

/**
 * Reads `pins.json`, where there is one. Of the servers that it names nothing is trusted on first use.
 *
 * @throws ConfigError with file, line, path and what is allowed
 */
export function loadPins(file: string): PinsConfig | null {
  return existsSync(file) ? parseYaml(readFileSync(file, "utf8"), file, pinsSchema) : null;
}
