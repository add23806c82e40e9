import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { constants, gzipSync } from "node:zlib";

/** A file of the built console, ready to be answered. */
export interface SiteFile {
  readonly type: string;
  readonly body: string;
  readonly base64: boolean;
  /** The body compressed, in base64; null where that saves nothing. */
  readonly gzip: string | null;
  /** Its name holds a hash of its content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** Files by their path inside the folder, with `/` between names. */
export type SiteFiles = ReadonlyMap<string, SiteFile>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};
const BINARY = new Set([".png", ".ico", ".woff2"]);
/** Bytes below which an answer is sent in one piece either way. */
const WORTH_COMPRESSING = 1024;

/**
 * Reads every file of a folder into memory. Requests are answered from this list alone and never reach the file
 * system, so that no path, however it is written, leaves the folder.
 *
 * @throws Error when the folder does not hold a built console: a deployment mistake, found at cold start
 */
export function readFiles(folder: string): SiteFiles {
  const files = new Map<string, SiteFile>();
  for (const name of list(folder)) {
    const extension = extname(name);
    const type = TYPES[extension];
    if (type === undefined) continue;
    const base64 = BINARY.has(extension);
    const bytes = readFileSync(join(folder, name));
    const body = bytes.toString(base64 ? "base64" : "utf8");
    const gzip = base64 ? null : compressed(bytes);
    files.set(name, { type, body, base64, gzip, immutable: name.startsWith("assets/") });
  }
  if (!files.has("index.html")) throw new Error(`No console in ${folder}: build it with node console/build.ts`);
  return files;
}

function compressed(bytes: Buffer): string | null {
  if (bytes.length < WORTH_COMPRESSING) return null;
  return gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }).toString("base64");
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => name.replaceAll("\\", "/"));
  } catch (cause) {
    throw new Error(`No console in ${folder}: build it with node console/build.ts`, { cause });
  }
}
