import type { Page } from "playwright-core";
import { oldClient } from "../../demo/clients.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { LocalTimes } from "../../local/local-config.ts";
import { launchBrowser, picture } from "../console/browser.ts";

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 860 };

/** Somebody at the console, in a browser of their own. */
export interface Visitor {
  readonly page: Page;
  /** Opens an address of the console, signs in where the provider asks for it, and waits for the room's heading. */
  follow(link: string): Promise<void>;
  sees(text: string | RegExp): Promise<void>;
  press(name: string): Promise<void>;
  /** Fills the field whose label begins so. */
  writes(label: string, text: string): Promise<void>;
  /** A picture of the whole page. */
  shot(name: string): Promise<void>;
  /** Another tab of the same browser. */
  tab(): Promise<Visitor>;
}

/** The real stack and a real browser: an agent of `developer` calls, people look at the console. */
export async function openScene(times: LocalTimes = {}) {
  const [stage, browser] = await Promise.all([
    openStage(() => undefined, { expiresAfter: "5m", denialStandsFor: "1s", ...times }),
    launchBrowser(),
  ]);
  const { publicUrl, inbox } = stage.stack;
  /** What browsers complained about on our own pages: a refused answer, a blocked script, an exception. */
  const complaints: string[] = [];

  const visitor = (account: string, page: Page): Visitor => {
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && page.url().startsWith(`${publicUrl}/console`))
        complaints.push(`${message.text()} ${message.location().url}`);
    });
    return {
      page,
      async follow(link) {
        await page.goto(link);
        const form = page.getByLabel("Account");
        await form.or(page.locator("main.room h1")).first().waitFor();
        if (!(await form.isVisible())) return;
        await form.selectOption(account);
        await page.getByLabel("Password").fill(account);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.locator("main.room h1").waitFor();
      },
      sees: (text) => page.getByText(text).first().waitFor(),
      press: (name) => page.getByRole("button", { name, exact: true }).click(),
      writes: (label, text) => page.getByLabel(new RegExp(`^${label}`)).fill(text),
      shot: async (name) => void (await page.screenshot({ path: picture(name), fullPage: true })),
      tab: async () => visitor(account, await page.context().newPage()),
    };
  };

  return {
    stage,
    complaints,
    console: `${publicUrl}/console/`,
    async visitor(account: string, viewport = PHONE): Promise<Visitor> {
      const context = await browser.newContext({ viewport });
      return visitor(account, await context.newPage());
    },
    /** What `developer`'s agent calls; it waits for nobody. */
    async call(tool: string, args: Record<string, unknown>) {
      const client = await oldClient(`${publicUrl}/mcp/ops`, await stage.token("developer"));
      return client.callTool(tool, args).finally(() => client.close());
    },
    /** The link in the first mail since then. */
    async mailed(since: number): Promise<string> {
      const mail = await inbox.waitFor((entry) => Date.parse(entry.at) >= since);
      return mail.links[0] ?? "";
    },
    /** Calls what needs approval: the call that waits, and the link in the mail about it. */
    async asks(tool: string, args: Record<string, unknown>) {
      const since = Date.now();
      const waiting = this.call(tool, args);
      waiting.catch(() => undefined);
      return { waiting, link: await this.mailed(since) };
    },
    /** How often a tool ran with arguments that hold this text. */
    ran: (tool: string, text: string) =>
      stage.stack.ops.executions.filter((run) => run.tool === tool && JSON.stringify(run.arguments).includes(text))
        .length,
    async stop() {
      await browser.close();
      await stage.stack.stop();
    },
  };
}

export type Scene = Awaited<ReturnType<typeof openScene>>;
