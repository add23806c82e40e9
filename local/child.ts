import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** Children still running: whatever ends this process ends them first. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A process that this one started and that cannot outlive it. */
export interface Child {
  readonly pid: number;
  /** What it wrote to stderr lately, for an error message. */
  lastWords(): string;
  /** Exit code once it has ended, null while it runs. */
  exitCode(): number | null;
  stop(): Promise<void>;
}

/** Starts a program without a terminal; its output is kept, not printed. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  running.add(child);
  let words = "";
  let ended: number | null = null;
  child.stderr?.on("data", (piece: Buffer) => {
    words = (words + piece.toString()).slice(-4000);
  });
  const over = once(child, "exit").then(
    () => undefined,
    (cause: Error) => {
      words += cause.message;
    },
  );
  void over.then(() => {
    running.delete(child);
    ended = child.exitCode ?? -1;
  });
  return {
    pid: child.pid ?? -1,
    lastWords: () => words.trim(),
    exitCode: () => ended,
    stop: async () => {
      if (ended !== null) return;
      child.kill("SIGTERM");
      const impatient = setTimeout(() => child.kill("SIGKILL"), 2000);
      await over;
      clearTimeout(impatient);
    },
  };
}
