import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { parse } from "yaml";
import type { ApprovalAnswer } from "../../console/src/api/approval.ts";
import { createSite } from "../../lambdas/site/site.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { roleCreation } from "./approvals.ts";
import { launchBrowser, picture } from "./browser.ts";
import { builtConsole } from "./built-console.ts";
import { Front } from "./front.ts";
import { type SignInServer, startSignIn } from "./sign-in-server.ts";

export const PHONE = { width: 360, height: 780 };
export const DESKTOP = { width: 1280, height: 860 };
export const config = configSchema.parse(parse(readFileSync("config/gateway.yaml", "utf8")));

/** An approver's desk: the console as it is served, a sign-in, an API from memory, and a browser. */
export class Desk {
  readonly front: Front;
  /** The same console where a stage stands before every path. */
  readonly trial: Front;
  readonly signIn: SignInServer;
  /** What the browser complained about: a blocked script, a broken policy, an exception. */
  readonly complaints: string[] = [];
  readonly dialogs: string[] = [];
  readonly #browser: Browser;
  readonly #folder: string;
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  private constructor(parts: { front: Front; trial: Front; signIn: SignInServer; browser: Browser; folder: string }) {
    this.front = parts.front;
    this.trial = parts.trial;
    this.signIn = parts.signIn;
    this.#browser = parts.browser;
    this.#folder = parts.folder;
  }

  static async start(): Promise<Desk> {
    const folder = mkdtempSync(join(tmpdir(), "console-"));
    const [front, trial, browser, built] = await Promise.all([
      Front.start(),
      Front.start("/try"),
      launchBrowser(),
      builtConsole(),
    ]);
    const { clientId, audience } = config.console;
    const signIn = await startSignIn([`${front.url}/console/`, `${trial.url}/console/`], clientId, audience);
    for (const target of [front, trial]) {
      const issuers = config.identity.issuers.map((entry) =>
        entry.name === config.console.issuer
          ? { ...entry, issuer: signIn.issuer, jwksUri: `${signIn.issuer}/jwks` }
          : entry,
      );
      const settings = join(folder, `${new URL(target.url).port}.json`);
      writeFileSync(settings, JSON.stringify({ config: { ...config, publicUrl: target.url, identity: { issuers } } }));
      target.serve(createSite({ SETTINGS_FILE: settings, CONSOLE_FOLDER: built }), signIn.issuer, audience);
    }
    return new Desk({ front, trial, signIn, browser, folder });
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await Promise.all([this.front.stop(), this.trial.stop(), this.signIn.close()]);
    rmSync(this.#folder, { recursive: true });
  }

  /** Clears the API and opens an empty browser. */
  async open(viewport = PHONE, colorScheme: "light" | "dark" = "light"): Promise<void> {
    await this.#context?.close();
    for (const { api, faults } of [this.front, this.trial]) {
      api.reset();
      faults.clear();
    }
    this.complaints.length = 0;
    this.dialogs.length = 0;
    this.#context = await this.#browser.newContext({ viewport, colorScheme, locale: "en-GB", timezoneId: "UTC" });
    this.#context.setDefaultTimeout(10_000);
    this.#page = await this.tab();
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Page> {
    if (this.#context === undefined) throw new Error("no browser is open");
    const page = await this.#context.newPage();
    page.on("console", (message) => {
      // The provider's own pages lack an icon and ask for a font of the internet.
      const { url } = message.location();
      const own = url === "" || url.startsWith(this.front.url) || url.startsWith(this.trial.url);
      if (message.type() === "error" && own) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      this.dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    return page;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error("no browser is open");
    return this.#page;
  }

  get api() {
    return this.front.api;
  }

  /** Puts an approval into the API, or puts another in its place. */
  held(changes: Partial<ApprovalAnswer> = {}, at = this.front): ApprovalAnswer {
    const approval = roleCreation(changes);
    at.api.approvals.set(approval.id, approval);
    return approval;
  }

  linkTo = (approval: ApprovalAnswer, at = this.front) => `${at.url}/console/#/approvals/${approval.id}`;

  /** Follows a link and signs in at the provider's own pages. */
  async follow(link: string, account = "approver-one"): Promise<void> {
    await this.page.goto(link);
    await this.signInAs(account);
  }

  async signInAs(account: string, consent: "new" | "known" = "new", page = this.page): Promise<void> {
    await page.locator("input[name=login]").fill(account);
    await page.locator("input[name=password]").fill("any");
    await page.locator("button[type=submit]").click();
    if (consent === "new") await page.getByRole("button", { name: "Continue" }).click();
  }

  textOf = async (selector: string) => (await this.page.locator(selector).first().textContent()) ?? "";
  reason = () => this.page.getByLabel("Your reason");
  press = (name: string) => this.page.getByRole("button", { name, exact: true }).click();
  sees = (text: string | RegExp) => this.page.getByText(text).first().waitFor();
  /** A picture of the whole page. */
  shot = (name: string) => this.page.screenshot({ path: picture(name), fullPage: true });
}
