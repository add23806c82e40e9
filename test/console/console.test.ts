import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import canonicalize from "canonicalize";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { buildConsole } from "../../console/build.ts";
import type { Approval } from "../../console/src/approval.ts";
import { createSite } from "../../lambdas/site/site.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { roleCreation } from "./approvals.ts";
import { launchBrowser, picture } from "./browser.ts";
import { Front } from "./front.ts";
import { type SignInServer, startSignIn } from "./sign-in-server.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1200, height: 850 };
const config = configSchema.parse(parse(readFileSync("config/gateway.yaml", "utf8")));
const folder = mkdtempSync(join(tmpdir(), "console-"));

let browser: Browser;
let signIn: SignInServer;
let front: Front;
let trial: Front;
let context: BrowserContext;
let page: Page;
/** What the browser complained about: a blocked script, a broken policy, an exception. */
let complaints: string[];
let dialogs: string[];

beforeAll(async () => {
  [front, trial, browser] = await Promise.all([Front.start(), Front.start("/try"), launchBrowser()]);
  const { clientId, audience } = config.console;
  signIn = await startSignIn([`${front.url}/console/`, `${trial.url}/console/`], clientId, audience);
  const consoleFolder = await buildConsole(join(folder, "dist"));
  for (const target of [front, trial]) {
    const issuers = config.identity.issuers.map((entry) =>
      entry.name === config.console.issuer
        ? { ...entry, issuer: signIn.issuer, jwksUri: `${signIn.issuer}/jwks` }
        : entry,
    );
    const settings = join(folder, `${new URL(target.url).port}.json`);
    writeFileSync(settings, JSON.stringify({ config: { ...config, publicUrl: target.url, identity: { issuers } } }));
    target.serve(createSite({ SETTINGS_FILE: settings, CONSOLE_FOLDER: consoleFolder }), signIn.issuer, audience);
  }
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await Promise.all([front?.stop(), trial?.stop(), signIn?.close()]);
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  front.approvals.clear();
  front.received.length = 0;
  front.faults.clear();
  await open(PHONE);
});

afterEach(() => context.close());

async function open(viewport: typeof PHONE, colorScheme: "light" | "dark" = "light"): Promise<void> {
  await context?.close();
  context = await browser.newContext({ viewport, colorScheme, locale: "en-GB", timezoneId: "UTC" });
  context.setDefaultTimeout(8000);
  page = await context.newPage();
  complaints = [];
  dialogs = [];
  page.on("console", (message) => {
    // The provider's own pages lack an icon and ask for a font of the internet.
    const { url } = message.location();
    const foreign = url !== "" && ![front.url, trial.url].some((own) => url.startsWith(own));
    if (message.type() === "error" && !foreign) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
}

const held = (changes: Partial<Approval> = {}, at = front): Approval => {
  const approval = roleCreation(changes);
  at.approvals.set(approval.id, approval);
  return approval;
};
const linkTo = (approval: Approval, at = front) => `${at.url}/console/#/approvals/${approval.id}`;

/** Follows the link of the e-mail and signs in at the provider's own pages. */
async function follow(link: string, account = "approver-one"): Promise<void> {
  await page.goto(link);
  await signInAs(account);
}

async function signInAs(account: string, consent: "new" | "known" = "new"): Promise<void> {
  await page.locator("input[name=login]").fill(account);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  if (consent === "new") await page.getByRole("button", { name: "Continue" }).click();
}

const textOf = async (selector: string) => (await page.locator(selector).first().textContent()) ?? "";
const reason = () => page.getByLabel("Your reason");
const press = (name: string) => page.getByRole("button", { name }).click();
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor();

describe("the link from the e-mail", () => {
  it("leads through the sign-in to the call, and the approval is sent with its reason and what was read", async () => {
    const approval = held();
    await follow(linkTo(approval));
    await sees("Dana Developer asks to run create_role on ops");
    expect(page.url()).toBe(linkTo(approval));
    const asked = signIn.authorizations.at(-1);
    expect(asked?.get("code_challenge_method")).toBe("S256");
    expect(asked?.get("resource")).toBe(config.console.audience);
    expect(asked?.get("max_age")).toBe("900");
    await page.screenshot({ path: picture("approve-1-call"), fullPage: true });

    expect(await textOf(".facts")).toContain("company|developer");
    expect(await textOf(".tree > li:nth-child(5)")).toContain("PrincipalobjectAWStext*");
    expect(await page.locator(".tree mark").allTextContents()).toEqual(["sts:AssumeRole"]);
    expect(await page.locator(".facts mark").allTextContents()).toEqual(["create_role"]);
    expect(await textOf(".risks")).toContain("iam-change");
    await sees("approve-iam-changes");
    expect(await textOf(".clock")).toMatch(/^(50 min 00|49 min 5\d) s left to decide/);
    expect(front.received).toEqual([]);

    await reason().fill("Agreed in the change meeting");
    await press("Approve");
    await sees("Your approval is recorded.");
    await sees("Approved");
    await sees("Agreed in the change meeting");
    expect(await reason().isVisible()).toBe(false);
    await page.screenshot({ path: picture("approve-2-outcome"), fullPage: true });

    const { id, requester, server, tool, method, risks, policies } = approval;
    const read = canonicalize({ id, requester, server, tool, method, arguments: approval.arguments, risks, policies });
    const rendered = createHash("sha256").update(String(read)).digest("hex");
    const body = { verdict: "approve", reason: "Agreed in the change meeting", rendered };
    expect(front.received).toEqual([{ id, by: "approver-one", body }]);
    expect(complaints).toEqual([]);
  });

  it("fits a phone without sideways scrolling, whatever the arguments", async () => {
    const endless = JSON.stringify({ [`k${"e".repeat(300)}`]: { command: "x".repeat(2000) } });
    await follow(linkTo(held({ arguments: endless, risks: [] })));
    await sees("k".concat("e".repeat(300)));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  });

  it("works from a trial's URL, where a stage stands before every path", async () => {
    const approval = held({}, trial);
    await follow(linkTo(approval, trial));
    await sees("Dana Developer asks to run create_role on ops");
    expect(page.url()).toBe(linkTo(approval, trial));
  });

  it("keeps its way through a missing slash", async () => {
    await follow(`${front.url}/console#/approvals/${held().id}`);
    await sees("Dana Developer asks to run create_role on ops");
  });
});

describe("a decision", () => {
  it("is refused by the page while there is no reason", async () => {
    await follow(linkTo(held()));
    await reason().fill("   ");
    await press("Approve");
    await sees("Write a reason first, of 3 characters or more.");
    expect(await reason().evaluate((field) => field === document.activeElement)).toBe(true);
    expect(front.received).toEqual([]);
  });

  it("denies", async () => {
    await follow(linkTo(held()), "approver-two");
    await reason().fill("Anyone could assume this role");
    await press("Deny");
    await sees("Your denial is recorded.");
    await sees("The call was refused and did not run.");
    expect(front.received).toMatchObject([{ by: "approver-two", body: { verdict: "deny" } }]);
    await page.screenshot({ path: picture("deny"), fullPage: true });
  });

  it("can be made by keyboard alone", async () => {
    await follow(linkTo(held()));
    await reason().waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
    for (let presses = 0; presses < 10 && (await focused()) !== "reason"; presses++) await page.keyboard.press("Tab");
    await page.keyboard.type("By keyboard");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Approve");
    await page.keyboard.press("Enter");
    await sees("Your approval is recorded.");
    expect(front.received).toMatchObject([{ body: { verdict: "approve", reason: "By keyboard" } }]);
  });

  it("is not offered to someone who may not decide, and the page says why", async () => {
    await follow(linkTo(held({ canDecide: false, whyNot: "you cannot decide on a call of your own" })));
    await sees("You cannot decide on a call of your own");
    expect(await page.getByRole("button", { name: "Approve" }).isVisible()).toBe(false);
  });
});

describe("what is shown", () => {
  it("names who started a workload, and that the call has asked before", async () => {
    const requester = {
      kind: "workload",
      name: "deploy",
      id: "github|repo",
      clientId: null,
      initiator: "dana",
    } as const;
    await follow(linkTo(held({ requester, attempt: 2 })));
    await sees("2: the same call has asked before");
    expect(await textOf(".facts")).toContain("Started bydana");
  });

  it("marks the whole value when the match was found in its decoded form", async () => {
    const encoded = Buffer.from("rm -rf /").toString("base64");
    const risks = [{ risk: "destructive", pointer: "/a~1b/0", match: "rm -rf /" }];
    await follow(linkTo(held({ arguments: JSON.stringify({ "a/b": [encoded, encoded] }), risks })));
    await reason().waitFor();
    expect(await page.locator(".tree mark").allTextContents()).toEqual([encoded]);
    expect(await page.locator(".risks mark").allTextContents()).toEqual(["rm -rf /"]);
  });

  it("shows arguments that are no JSON, and very deep ones, as their text", async () => {
    await follow(linkTo(held({ arguments: '{"cut": "off', risks: [] })));
    await sees('{"cut": "off');
    const deep = `${"[".repeat(3000)}${"]".repeat(3000)}`;
    const approval = held({ id: "deep-1", arguments: deep, risks: [] });
    await page.evaluate((fragment) => location.assign(fragment), new URL(linkTo(approval)).hash);
    await sees("[[[[[[");
    expect(complaints).toEqual([]);
  });
});

describe("time and other people", () => {
  it("shows an expired approval as over", async () => {
    await follow(linkTo(held({ status: "EXPIRED", deadline: Date.now() - 60_000, canDecide: false })));
    await sees("Its time ran out.");
    expect(await reason().isVisible()).toBe(false);
    expect(await page.locator(".clock").isVisible()).toBe(false);
    await page.screenshot({ path: picture("expired"), fullPage: true });
  });

  it("follows a decision that someone else makes while the page is open", async () => {
    const approval = held();
    await follow(linkTo(approval));
    await reason().waitFor();
    const decisions = [{ by: "approver-two", verdict: "deny" as const, reason: "Too broad", at: Date.now() }];
    held({ ...approval, status: "DENIED", canDecide: false, decisions });
    await sees("Too broad");
    expect(await reason().isVisible()).toBe(false);
  });
});

describe("errors", () => {
  it("says that an approval does not exist", async () => {
    await follow(`${front.url}/console/#/approvals/none-such`);
    await sees("There is no such approval");
    await sees("No approval has the id none-such.");
    await page.screenshot({ path: picture("not-found") });
  });

  it.each([
    [409, "approval_conflict", "approver-two has already denied this.", "This is no longer open"],
    [403, "forbidden", "The requester cannot approve.", "You may not do this"],
    [400, "bad_request", "The reason is too short.", "This was not accepted"],
    [503, "evidence_unavailable", "The decision could not be recorded.", "Countersign did not answer"],
  ])("shows what a %i %s says, and keeps the reason", async (status, code, message, title) => {
    await follow(linkTo(held()));
    await reason().fill("Fine");
    front.faults.set("POST", { status, body: { code, message } });
    await press("Approve");
    await sees(title);
    await sees(message);
    expect(await reason().inputValue()).toBe("Fine");
  });

  it("keeps a refusal on screen while it goes on asking how things stand", async () => {
    const approval = held();
    await follow(linkTo(approval));
    await reason().fill("Fine");
    front.faults.set("POST", { status: 400, body: { code: "bad_request", message: "The reason is not a reason." } });
    await press("Approve");
    await sees("The reason is not a reason.");
    held({ ...approval, status: "WITHDRAWN", canDecide: false });
    await sees("The requester took it back.");
    expect(await page.getByText("The reason is not a reason.").isVisible()).toBe(true);
  });

  it("goes on by itself when the connection comes back", async () => {
    const approval = held();
    await follow(linkTo(approval));
    await reason().waitFor();
    front.faults.set("GET", "hang-up");
    await sees("Countersign did not answer");
    front.faults.clear();
    await page.getByText("Countersign did not answer").waitFor({ state: "detached" });
  });

  it("asks for a new sign-in when the old one no longer counts, and keeps the reason", async () => {
    await follow(linkTo(held()));
    await reason().fill("Written before");
    front.faults.set("POST", {
      status: 401,
      body: { code: "token_invalid", message: "Your sign-in is older than 15 minutes." },
    });
    await press("Deny");
    await sees("Your sign-in is older than 15 minutes.");
    front.faults.clear();
    await press("Sign in again");
    await page.locator("input[name=login]").fill("approver-one");
    expect(signIn.authorizations.at(-1)?.get("prompt")).toBe("login");
    await signInAs("approver-one", "known");
    await sees("Dana Developer asks to run create_role on ops");
    expect(await reason().inputValue()).toBe("Written before");
  });

  it("says when the sign-in was broken off", async () => {
    await page.goto(linkTo(held()));
    await page.getByRole("link", { name: "Cancel" }).click();
    await sees("The sign-in did not succeed");
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });

  it("runs nothing when the answer is not what the API promises", async () => {
    await follow(linkTo(held()));
    await reason().waitFor();
    front.faults.set("GET", { status: 200, body: { id: "x", status: "SURE" } });
    await sees("The page could not show this");
  });
});

describe("text that an attacker wrote", () => {
  it("is shown as text, with what cannot be seen made visible", async () => {
    const markup = "<img src=x onerror=\"window.pwned=1;alert('img')\"><script>window.pwned=1;alert('script')</script>";
    const approval = held({
      requester: { kind: "workload", name: `${markup}ci`, id: markup, clientId: markup },
      tool: `create_role${markup}`,
      arguments: JSON.stringify({
        [markup]: markup,
        url: "javascript:alert(1)",
        file: "report\u202Efdp.exe",
        zero: "ad\u200Bmin",
        lines: "a\nb",
      }),
      risks: [{ risk: markup, pointer: "/file", match: "exe" }],
      policies: [markup],
      decisions: [{ by: markup, verdict: "approve", reason: markup, at: Date.now() }],
      quorum: 2,
      approvals: 1,
    });
    await follow(linkTo(approval));
    await reason().waitFor();
    expect(await textOf("h1")).toContain(markup);
    expect(await textOf(".tree .key")).toBe(markup);
    expect(await textOf(".tree .value")).toBe(markup);
    expect(await page.locator(".tree .unseen").allTextContents()).toEqual(["U+202E", "U+200B", "\\n"]);
    expect(await textOf(".tree")).not.toMatch(/[\u202E\u200B]/);
    expect(
      await page.locator("main img, main script, main iframe, main [onerror], main [href^=javascript]").count(),
    ).toBe(0);
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(dialogs).toEqual([]);
    expect(complaints).toEqual([]);
    await page.screenshot({ path: picture("attack"), fullPage: true });
  });

  it("could not run even if it became markup: the policy of the page forbids it", async () => {
    await follow(linkTo(held()));
    await reason().waitFor();
    await page.evaluate(() => {
      const holder = document.createElement("div");
      holder.innerHTML = '<img src="data:," onerror="window.pwned=1">';
      document.body.append(holder);
      const script = document.createElement("script");
      script.textContent = "window.pwned=1";
      document.body.append(script);
    });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(complaints.join()).toContain("Content Security Policy");
  });
});

describe("the list", () => {
  it("shows what waits first, and leads to it", async () => {
    await open(DESKTOP, "dark");
    held({ id: "done-1", status: "COMPLETED", tool: "upload", createdAt: Date.now() - 5_000, canDecide: false });
    held();
    await follow(`${front.url}/console/`);
    await page.getByRole("link", { name: "create_role on ops" }).waitFor();
    expect(await page.locator(".rows .badge").allTextContents()).toEqual(["Waiting", "Completed"]);
    await page.screenshot({ path: picture("list-dark") });
    await page.getByRole("link", { name: "create_role on ops" }).click();
    await sees("Dana Developer asks to run create_role on ops");
    await page.screenshot({ path: picture("call-dark"), fullPage: true });
    await page.getByRole("link", { name: "Countersign" }).click();
    await page.locator(".rows").waitFor();
    expect(await textOf("h1")).toBe("Approvals");
  });

  it("says that nothing waits, and signs out", async () => {
    await follow(`${front.url}/console/`);
    await sees("Nothing waits for you.");
    await press("Sign out");
    await sees("You are signed out of this page");
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("oidc.user")))).toEqual(
      [],
    );
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });
});
