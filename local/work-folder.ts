import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Where runs of the stack keep their files, beneath the folder that they are started in. */
export const WORK_ROOT = ".local";

/** A folder for one run of the stack. Folders of processes that were killed before they could clean up go at the same time. */
export function makeWorkFolder(): { readonly folder: string; stop(): Promise<void> } {
  mkdirSync(WORK_ROOT, { recursive: true });
  for (const name of readdirSync(WORK_ROOT)) {
    const pid = Number(/^(\d+)(-|$)/.exec(name)?.[1]);
    if (pid > 0 && pid !== process.pid && !runs(pid)) rmSync(join(WORK_ROOT, name), { recursive: true, force: true });
  }
  const folder = join(process.cwd(), WORK_ROOT, `${process.pid}-${randomBytes(4).toString("hex")}`);
  mkdirSync(folder);
  return { folder, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
