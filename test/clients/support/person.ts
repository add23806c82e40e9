import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browse } from "../../../local/oidc/robot.ts";
import { commandOf, makeHome } from "./program.ts";

/** Packages that a guide may start by `npx`, and their commands. */
const INSTALLED = { "mcp-remote": "mcp-remote", "@modelcontextprotocol/inspector": "mcp-inspector" };
const OPENS_WITHIN_MS = 40_000;

/** Somebody at a machine of their own, where programs may open a page in the browser. */
export interface Person {
  readonly env: Readonly<Record<string, string>>;
  /** Signs in on the page that a program opens, and is sent back to the program; gives the page and how that was answered. */
  signIn(account: string): Promise<{ readonly page: URL; readonly status: number }>;
  /** Whether a page is open that nobody looked at. */
  wasAsked(): boolean;
  leave(): void;
}

/** `npx` there knows what is installed here, in the installed versions alone: a guide that names another one fails. */
export function startPerson(): Person {
  const home = makeHome();
  const page = join(home.folder, "page");
  const tools = join(home.folder, "bin");
  mkdirSync(tools);
  const tool = (name: string, ...lines: string[]) =>
    writeFileSync(join(tools, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  // Renamed when it is whole: whoever waits for it never reads half a URL.
  tool("open", `printf %s "$1" > "$HOME/opening" && mv "$HOME/opening" "$HOME/page"`);
  const known = Object.entries(INSTALLED).map(
    ([name, command]) => `${name}@${versionOf(name)}) exec '${process.execPath}' '${commandOf(command)}' "$@" ;;`,
  );
  tool("npx", `[ "$1" = -y ] && shift`, `what="$1"; shift`, `case "$what" in`, ...known, "esac", "exit 64");
  tool("node", `exec '${process.execPath}' "$@"`);
  return {
    // Linux asks BROWSER, macOS the command `open`.
    env: { ...home.env, PATH: `${tools}:${home.env.PATH}`, BROWSER: join(tools, "open") },
    wasAsked: () => existsSync(page),
    async signIn(account) {
      const end = Date.now() + OPENS_WITHIN_MS;
      while (!existsSync(page)) {
        if (Date.now() > end) throw new Error("no page was opened");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const opened = new URL(readFileSync(page, "utf8"));
      rmSync(page);
      const back = await browse(opened, { account, redirectUri: opened.searchParams.get("redirect_uri") ?? "" });
      const answer = await fetch(back);
      await answer.text();
      return { page: opened, status: answer.status };
    },
    leave: home.remove,
  };
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
