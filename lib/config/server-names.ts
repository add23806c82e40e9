import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./config-error.ts";
import type { MaskingConfig } from "./masking.ts";
import type { PinsConfig } from "./pins.ts";
import type { RisksConfig } from "./risks.ts";
import { lineOfPath, writtenPath } from "./yaml-file.ts";

/** What the files beside `gateway.yaml` hold that name servers; policies are checked where they are read. */
interface Beside {
  readonly pins: PinsConfig | null;
  readonly risks: RisksConfig;
  readonly masking: MaskingConfig;
}

/** A server that a file names, and where. */
interface Named {
  readonly file: string;
  readonly path: readonly (string | number)[];
  readonly server: string | undefined;
}

/**
 * Refuses names of servers that are not configured: what is said of such a one would hold nowhere, and the server that was meant
 * would go without its pins or risks.
 *
 * @param folder holds the files
 * @param servers the names of gateway.yaml
 * @throws ConfigError with file, line, path, what was found and what is allowed
 */
export function checkServerNames({ pins, risks, masking }: Beside, folder: string, servers: readonly string[]): void {
  const named: readonly Named[] = [
    ...Object.keys(pins?.servers ?? {}).map((server) => ({ file: "pins.json", path: ["servers", server], server })),
    ...risks.risks.map(({ where }, at) => ({
      file: "risks.yaml",
      path: ["risks", at, "where", "server"],
      server: where?.server,
    })),
    ...masking.allow.map(({ server }, at) => ({ file: "masking.yaml", path: ["allow", at, "server"], server })),
  ];
  const problems = named.flatMap(({ file, path, server }) => {
    if (server === undefined || servers.includes(server)) return [];
    const place = join(folder, file);
    const where = `${place}:${lineOfPath(readFileSync(place, "utf8"), path)}: ${writtenPath(path)}`;
    return [`${where}: found ${JSON.stringify(server)}, allowed: ${servers.join(", ")} (servers of gateway.yaml)`];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}
