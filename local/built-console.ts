import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildConsole } from "../console/build.ts";
import { WORK_ROOT } from "./work-folder.ts";

let built: Promise<string> | undefined;

/** The console, built once for a process however many stacks it starts. @returns its folder, which goes with the process */
export function builtConsole(): Promise<string> {
  if (built === undefined) {
    // Named as work folders are: the next process takes it away where this one is killed.
    const folder = join(process.cwd(), WORK_ROOT, `${process.pid}-console`);
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    built = buildConsole(folder);
  }
  return built;
}
