import { createServer } from "node:http";
import { startChild } from "../../../local/child.ts";
import { closeServer, freePort, listen } from "../../../local/port.ts";
import { commandOf, makeHome } from "./program.ts";

/** `@playwright/mcp` as published, with a browser of its own, and a page for it to look at. */
export interface PlaywrightServer {
  readonly url: string;
  readonly page: string;
  stop(): Promise<void>;
}

const PAGE = `<!doctype html><title>Orders</title><h1>Orders</h1>
<form><label>Name <input id="name"></label><button>Ship it</button></form><p>Two are waiting</p>`;

/** @param chromium path of the browser */
export async function startPlaywright(chromium: string): Promise<PlaywrightServer> {
  const home = makeHome();
  const page = createServer((_, response) => response.setHeader("content-type", "text/html").end(PAGE));
  const pagePort = await listen(page);
  const port = await freePort();
  const child = startChild(
    process.execPath,
    [
      ...[commandOf("playwright-mcp"), "--host", "127.0.0.1", "--port", String(port)],
      // It names itself localhost, and by default answers to that name alone.
      ...["--allowed-hosts", `127.0.0.1:${port}`],
      ...["--headless", "--isolated", "--no-sandbox", "--executable-path", chromium],
    ],
    { env: home.env, cwd: home.folder },
  );
  const stop = async () => {
    await child.stop();
    await closeServer(page);
    home.remove();
  };
  const end = Date.now() + 20_000;
  while (!child.lastWords().includes("Listening on")) {
    if (child.exitCode() !== null || Date.now() > end) {
      await stop();
      throw new Error(`the server "playwright" did not start: ${child.lastWords()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url: `http://127.0.0.1:${port}/mcp`, page: `http://127.0.0.1:${pagePort}/`, stop };
}
