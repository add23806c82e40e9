import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";

const start = (...args: string[]) =>
  spawn(process.execPath, ["local/main.ts", ...args], { stdio: ["ignore", "pipe", "pipe"] });

function untilSaid(child: ChildProcess, words: string): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (piece) => {
      said += piece;
      if (said.includes(words)) resolve(said);
    });
    child.on("exit", () => reject(new Error(`it ended, saying: ${said}`)));
  });
}

const childrenOf = (pid: number): number[] =>
  execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "npm run local prints how to connect, and leaves no process after %s",
  async (signal) => {
    const child = start();
    const said = await untilSaid(child, "Ctrl-C stops everything");
    expect(said).toContain("claude mcp add --transport http countersign-ops http://127.0.0.1:");
    expect(existsSync(".local/stack.json")).toBe(true);
    const children = childrenOf(child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    const ended = once(child, "exit");
    child.kill(signal);
    const [code] = await ended;
    if (signal !== "SIGKILL") expect(code).toBe(0);
    // After SIGKILL nobody can end the children: each notices within a second or so that its parent is gone.
    await expect.poll(() => children.filter(alive), { timeout: 8000, interval: 200 }).toEqual([]);
  },
  60_000,
);

test("a port that is taken is named", async () => {
  const { createServer } = await import("node:net");
  const squatter = createServer().listen(0, "127.0.0.1");
  await once(squatter, "listening");
  const { port } = squatter.address() as { port: number };
  const child = start("--port", String(port));
  let complaint = "";
  child.stderr?.on("data", (piece) => {
    complaint += piece;
  });
  const [code] = await once(child, "close");
  squatter.close();
  expect([code, complaint]).toEqual([1, expect.stringContaining(`Port ${port} is already taken`)]);
});
