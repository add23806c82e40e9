import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./config-error.ts";
import type { ServerConfig } from "./schema.ts";
import { lineOfPath } from "./yaml-file.ts";

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads the private certificate authorities that servers name by a file.
 *
 * @param folder where the files are named from
 * @param configFile `gateway.yaml`, for what is told of a mistake
 * @param now milliseconds since the epoch
 * @returns PEM text by server
 * @throws ConfigError that says file, line, path, what was found and what is allowed
 */
export function loadAuthorities(
  servers: readonly ServerConfig[],
  { folder, configFile, now }: { readonly folder: string; readonly configFile: string; readonly now: number },
): Readonly<Record<string, string>> {
  const problems: string[] = [];
  const authorities: Record<string, string> = {};
  servers.forEach(({ name, ca }, at) => {
    if (ca === undefined || !("file" in ca)) return;
    const file = join(folder, ca.file);
    try {
      const text = readFileSync(file, "utf8");
      const problem = problemOf(text, now);
      if (problem === undefined) authorities[name] = text;
      else throw new Error(problem);
    } catch (error) {
      const line = lineOfPath(readFileSync(configFile, "utf8"), ["servers", at, "ca", "file"]);
      const why = error instanceof Error && !("code" in error) ? error.message : "which cannot be read";
      problems.push(
        `${configFile}:${line}: servers[${at}].ca.file: found ${file}, ${why}, allowed: a PEM file of certificate authorities that are valid`,
      );
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return authorities;
}

/** What is wrong with a file of authorities, as it follows the file's name. */
function problemOf(text: string, now: number): string | undefined {
  if (text.includes("PRIVATE KEY")) return "which holds a private key";
  const blocks = text.match(PEM) ?? [];
  if (blocks.length === 0) return "which holds no certificate";
  for (const block of blocks) {
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(block);
    } catch {
      return "which holds what is no certificate";
    }
    if (!certificate.ca) return "which holds a certificate that is no authority's";
    if (Date.parse(certificate.validTo) < now) return `which ended on ${certificate.validTo}`;
  }
  return undefined;
}
