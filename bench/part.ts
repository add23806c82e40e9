import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Parts still running: whatever ends this process ends them first. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** What a process has used since it started. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** A part of a benchmark in a process of its own, so that its time and memory are its own. */
export interface Part<Ready> {
  /** What it said when it was ready. */
  readonly ready: Ready;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface PartOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Options of Node itself. */
  readonly node?: readonly string[];
  /** A script that gets Node and all its arguments, and starts it, as Lambda's wrappers do. */
  readonly wrapper?: string;
}

/**
 * Starts a module that calls `announce` when it is ready.
 *
 * @throws Error when it ends before that
 */
export async function startPart<Ready>(module: URL, options: PartOptions = {}): Promise<Part<Ready>> {
  const child = fork(module, {
    env: { ...process.env, ...options.environment },
    ...(options.wrapper === undefined ? {} : { execPath: options.wrapper }),
    execArgv: [...(options.wrapper === undefined ? [] : [process.execPath]), ...(options.node ?? [])],
    // What a function prints goes to its log, at nobody's cost here.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  running.add(child);
  const over = once(child, "exit").then(() => running.delete(child));
  const ready = await answerOf<Ready>(child);
  return {
    ready,
    usage: () => {
      child.send("usage");
      return answerOf<Usage>(child);
    },
    stop: async () => {
      child.kill("SIGTERM");
      await over;
    },
  };
}

/**
 * Said by a part in its own process: it is ready, and answers questions from now on.
 *
 * @param end what has to be done before it may end
 */
export function announce(ready: unknown, end: () => Promise<void> = async () => undefined): void {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 2 ** 20 } satisfies Usage);
  });
  process.on("disconnect", () => process.exit());
  // An orderly end: a profile is written, no handle is waited for.
  process.on("SIGTERM", () => void end().finally(() => process.exit()));
  process.send?.(ready);
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      once(child, "message", { signal: ended.signal }).then(([answer]) => answer as T),
      once(child, "exit", { signal: ended.signal }).then(([code]) => {
        throw new Error(`a part of the benchmark ended with ${code}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}
