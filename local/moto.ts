import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./port.ts";

const run = promisify(execFile);
const VERSION = "5.2.1";
const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const LAUNCHER = fileURLToPath(new URL("moto-launcher.py", import.meta.url));
const VENV = join(PROJECT, ".venv");
const PATIENCE_MS = 60_000;
/** Free ports asked for before a port that is taken counts as a failure. */
const PORTS_TRIED = 5;

/** A running AWS emulator. */
export interface Moto {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts moto on loopback and waits until it answers.
 *
 * @param port 0 for any free one
 * @throws Error that says what to do when moto cannot be had or does not come up
 */
export async function startMoto(port = 0): Promise<Moto> {
  const python = await pythonWithMoto();
  for (let attempt = 1; ; attempt += 1) {
    // Asked beforehand: a stranger on that port would answer the health check in moto's place.
    const chosen = await freePort(port);
    const url = `http://127.0.0.1:${chosen}`;
    const child = startChild(python, [LAUNCHER, "-H", "127.0.0.1", "-p", String(chosen)], { cwd: PROJECT });
    try {
      await untilHealthy(url, child);
      return { url, pid: child.pid, stop: child.stop };
    } catch (cause) {
      // Between the asking and moto's own listening another process may have taken it.
      const taken = cause instanceof Error && cause.message.includes("Address already in use");
      if (port !== 0 || !taken || attempt === PORTS_TRIED) throw cause;
    }
  }
}

/** A Python that imports the very version of moto this stack was tried with: the machine's, or one in `.venv`. */
export async function pythonWithMoto(): Promise<string> {
  const own = join(VENV, "bin", "python");
  for (const python of ["python3", own]) if ((await versionIn(python)) === VERSION) return python;
  try {
    if (!existsSync(own)) await run("python3", ["-m", "venv", VENV]);
    await run(own, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `moto[server]==${VERSION}`]);
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split("\n").at(-1) ?? String(cause);
    throw new Error(
      `The local stack needs moto ${VERSION}, an AWS emulator in Python. It is not installed, and installing it into ` +
        `.venv failed: ${said}. Install Python 3 with venv, then run: python3 -m pip install 'moto[server]==${VERSION}'`,
      { cause },
    );
  }
  return own;
}

async function versionIn(python: string): Promise<string | null> {
  const code = "import importlib.metadata as m; import flask, flask_cors; print(m.version('moto'))";
  try {
    return (await run(python, ["-c", code])).stdout.trim();
  } catch {
    return null;
  }
}

async function untilHealthy(url: string, child: Child): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end && child.exitCode() === null) {
    try {
      if ((await fetch(`${url}/moto-api/data.json`, { signal: AbortSignal.timeout(5000) })).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const ended = child.exitCode() !== null;
  await child.stop();
  throw new Error(
    `moto ${ended ? "ended" : "did not answer"} while starting: ${child.lastWords() || "it said nothing"}`,
  );
}
