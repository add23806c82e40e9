import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Path of an installed command, to be run by `process.execPath`. */
export const commandOf = (name: string) =>
  fileURLToPath(new URL(`../../../node_modules/.bin/${name}`, import.meta.url));

/** A home for a program that keeps files there, and an environment that holds nothing else. */
export function makeHome() {
  const folder = mkdtempSync(join(tmpdir(), "countersign-client-"));
  return {
    folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
