import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Source } from "../lambdas/domain/evidence/verify/source.ts";

/** A folder that holds a copy of a vault (`aws s3 sync s3://<vault> <folder>`). */
export function folderSource(folder: string): Source {
  const root = resolve(folder);
  return {
    async *list() {
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
        if (entry.isFile()) yield relative(root, join(entry.parentPath, entry.name)).split(sep).join("/");
    },
    async read(key) {
      const file = resolve(root, key);
      // Records name bodies by key: none of them leads out of the folder.
      if (!file.startsWith(root + sep)) return undefined;
      return readFile(file).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === "ENOENT" || cause.code === "EISDIR" || cause.code === "ENOTDIR") return undefined;
        throw cause;
      });
    },
  };
}
