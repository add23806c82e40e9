import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { configSchema } from "./schema.ts";

/** Where the generated schema lies: `config/gateway.yaml` names it in its first line, and editors complete by it. */
export const JSON_SCHEMA_FILE = fileURLToPath(new URL("../../config/gateway.schema.json", import.meta.url));

/** JSON Schema of `config/gateway.yaml`, as text. What compares two entries is checked at synth alone. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input", target: "draft-07" });
  return `${JSON.stringify({ ...schema, title: "Countersign: config/gateway.yaml" }, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(JSON_SCHEMA_FILE, jsonSchema());
  execFileSync(fileURLToPath(new URL("../../node_modules/.bin/biome", import.meta.url)), [
    "format",
    "--write",
    JSON_SCHEMA_FILE,
  ]);
}
