import { execFile } from "node:child_process";
import type { Address, Method, Params, Peer } from "./peer.ts";
import { commandOf, makeHome } from "./program.ts";

export type Era = "legacy" | "auto" | "modern";

/** What the Inspector's command line can ask, and how its flags say it. */
const FLAGS: Partial<Record<Method, (params: Params) => string[]>> = {
  "tools/list": () => [],
  "tools/call": ({ name, arguments: given = {} }) => [
    "--tool-name",
    String(name),
    "--tool-args-json",
    JSON.stringify(given),
  ],
  "prompts/list": () => [],
  "prompts/get": ({ name, arguments: given = {} }) => [
    "--prompt-name",
    String(name),
    ...Object.entries(given as object).flatMap(([key, value]) => ["--prompt-args", `${key}=${value}`]),
  ],
  "resources/list": () => [],
  "resources/templates/list": () => [],
  "resources/read": ({ uri }) => ["--uri", String(uri)],
  "logging/setLevel": ({ level }) => ["--log-level", String(level)],
};

export const inspectorCan = (method: Method, era: Era) =>
  method in FLAGS && !(method === "logging/setLevel" && era === "modern");

/** The Inspector's command line: a process, a connection and an answer for each request. */
export function inspector(address: Address, era: Era): Pick<Peer, "ask"> {
  return {
    async ask(method, params = {}) {
      const flags = FLAGS[method]?.(params);
      if (flags === undefined) throw new Error(`the Inspector's command line has no ${method}`);
      const { code, stdout, stderr } = await run([
        ...[address.url, "--transport", "http", "--header", `Authorization: Bearer ${address.token}`],
        ...["--protocol-era", era, "--format", "json", "--quiet", "--method", method, ...flags],
      ]);
      // Its exit code is part of what it says: 5 for a tool's own error.
      return { code, said: stdout === "" ? stdout : JSON.parse(stdout), complained: stderr };
    },
  };
}

async function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const home = makeHome();
  try {
    return await new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [commandOf("mcp-inspector"), "--cli", ...args],
        { env: home.env, timeout: 20_000 },
        (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end();
    });
  } finally {
    home.remove();
  }
}
