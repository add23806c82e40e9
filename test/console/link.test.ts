import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { config, Desk } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());

beforeEach(() => desk.open());

describe("the link from the e-mail", () => {
  it("leads through the sign-in to the call", async () => {
    const approval = desk.held();
    await desk.follow(desk.linkTo(approval));
    await desk.sees("Dana Developer asks to run create_role on ops");
    expect(desk.page.url()).toBe(desk.linkTo(approval));
    expect(await desk.page.title()).toBe("create_role on ops · Countersign");
    const asked = desk.signIn.authorizations.at(-1);
    expect(asked?.get("code_challenge_method")).toBe("S256");
    expect(asked?.get("resource")).toBe(config.console.audience);
    expect([asked?.get("max_age"), asked?.get("prompt")]).toEqual(["900", null]);
    expect(desk.api.received).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it("asks for a new sign-in each time where tokens name their client in an audience's place, as Cognito's do", async () => {
    await desk.page.route("**/settings.json", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), audience: null } });
    });
    await desk.page.goto(desk.linkTo(desk.held()));
    await desk.page.locator("input[name=login]").waitFor();
    const asked = desk.signIn.authorizations.at(-1);
    expect([asked?.get("prompt"), asked?.get("resource"), asked?.get("max_age")]).toEqual(["login", null, "900"]);
  });

  it("loads no room before the sign-in", async () => {
    const loaded: string[] = [];
    desk.page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await desk.page.goto(desk.linkTo(desk.held()));
    await desk.page.locator("input[name=login]").waitFor();
    const scripts = loaded.filter((path) => path.endsWith(".js") && path.startsWith("/console/"));
    expect(scripts.filter((path) => /react|rooms|approval/.test(path))).toEqual([]);
    expect(scripts.length).toBeGreaterThan(0);
  });

  it("works from a trial's URL, where a stage stands before every path", async () => {
    const approval = desk.held({}, desk.trial);
    await desk.follow(desk.linkTo(approval, desk.trial));
    await desk.sees("Dana Developer asks to run create_role on ops");
    expect(desk.page.url()).toBe(desk.linkTo(approval, desk.trial));
    expect(desk.complaints).toEqual([]);
  });

  it("keeps its way through a missing slash", async () => {
    await desk.follow(`${desk.front.url}/console#/approvals/${desk.held().id}`);
    await desk.sees("Dana Developer asks to run create_role on ops");
  });

  it("says when the sign-in was broken off", async () => {
    await desk.page.goto(desk.linkTo(desk.held()));
    await desk.page.getByRole("link", { name: "Cancel" }).click();
    await desk.sees("The sign-in did not succeed");
    await desk.page.getByRole("button", { name: "Sign in" }).waitFor();
    await desk.shot("sign-in-broken-off");
    await desk.page.getByRole("button", { name: "Sign in" }).click();
    await desk.signInAs("approver-one");
    await desk.sees("Dana Developer asks to run create_role on ops");
  });

  it("says when the sign-in cannot be reached, and keeps the way", async () => {
    const approval = desk.held();
    await desk.page.route(`${desk.signIn.issuer}/**`, (route) => route.abort());
    await desk.page.goto(desk.linkTo(approval));
    await desk.sees("The sign-in cannot be reached");
    await desk.page.getByRole("button", { name: "Sign in" }).click();
    await desk.sees("Check your connection and try again.");
    await desk.page.unroute(`${desk.signIn.issuer}/**`);
    await desk.page.getByRole("button", { name: "Sign in" }).click();
    await desk.signInAs("approver-one");
    await desk.sees("Dana Developer asks to run create_role on ops");
    expect(desk.page.url()).toBe(desk.linkTo(approval));
  });

  it("leaves nothing behind after signing out", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.sees("Dana Developer asks to run");
    await desk.reason().fill("What nobody else should read");
    await desk.press("Sign out");
    await desk.sees("You are signed out of this page");
    const kept = () => Object.keys(sessionStorage).filter((key) => /^oidc\.user|draft/.test(key));
    expect(await desk.page.evaluate(kept)).toEqual([]);
    expect(await desk.page.evaluate(() => localStorage.length)).toBe(0);
    await desk.page.reload();
    await desk.page.locator("input[name=login]").waitFor();
    expect(desk.signIn.authorizations.at(-1)?.get("prompt")).toBe("login");
  });
});
