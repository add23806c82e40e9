import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oldClient, textOf } from "../../demo/clients.ts";
import { executionsOf } from "../../demo/executions.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";
import { launchBrowser, picture } from "../console/browser.ts";

/** The approver's way, whole: the mail's link, the sign-in, the page, the decision, against the real functions. */
describe("an approver with a phone", () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage(() => undefined, { expiresAfter: "60s" }), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.stack.stop();
  });

  /** Calls a risky tool and opens the link of the mail that follows. */
  async function callAndOpen(role: string) {
    const client = await oldClient(`${stage.stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    const since = Date.now();
    const waiting = client.callTool("create_role", { name: role });
    const mail = await stage.stack.inbox.waitFor((entry) => Date.parse(entry.at) >= since);
    await page.goto(mail.links[0] ?? "");
    return { waiting, done: () => client.close() };
  }

  test("opens the link, signs in, approves with a reason, and the waiting call runs once", async () => {
    const { waiting, done } = await callAndOpen("role-by-phone");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Account").selectOption("approver-one");
    await page.getByLabel("Password").fill("approver-one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("role-by-phone").first().waitFor();
    await page.screenshot({ path: picture("real-call"), fullPage: true });
    expect(executionsOf(stage, "create_role", "role-by-phone")).toBe(0);
    await page.getByLabel("Your reason").fill("Agreed in the change meeting");
    await page.getByRole("button", { name: "Approve" }).click();
    const result = await waiting;
    expect(textOf(result)).toContain("role-by-phone");
    expect(executionsOf(stage, "create_role", "role-by-phone")).toBe(1);
    await page.screenshot({ path: picture("real-decided"), fullPage: true });
    await done();
  }, 60_000);

  test("denies, still signed in, and the caller gets the reason", async () => {
    const { waiting, done } = await callAndOpen("role-denied-by-phone");
    await page.getByText("role-denied-by-phone").first().waitFor();
    await page.getByLabel("Your reason").fill("Nobody asked for this role");
    await page.getByRole("button", { name: "Deny" }).click();
    const result = await waiting;
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("Nobody asked for this role");
    expect(executionsOf(stage, "create_role", "role-denied-by-phone")).toBe(0);
    await done();
  }, 60_000);
});
