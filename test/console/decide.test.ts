import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renderedDigest } from "../../lambdas/domain/approval/rendered.ts";
import { accessRequest } from "./approvals.ts";
import { Desk } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());

beforeEach(() => desk.open());

const sent = () => desk.api.received.map(({ body }) => body);

describe("a decision", () => {
  it("is sent with its reason and the digest of what was read", async () => {
    const approval = desk.held();
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("Agreed in the change meeting");
    await desk.press("Approve");
    await desk.sees("Your approval is recorded.");
    await desk.sees("The call may run once");
    await desk.sees("Agreed in the change meeting");
    expect(await desk.reason().isVisible()).toBe(false);
    await desk.shot("decided-phone");

    const rendered = await renderedDigest(approval);
    const body = { verdict: "approve", reason: "Agreed in the change meeting", rendered, scope: { kind: "call" } };
    expect(desk.api.received).toEqual([{ path: `/approvals/${approval.id}/decision`, by: "approver-one", body }]);
    expect(desk.complaints).toEqual([]);
  });

  it("denies", async () => {
    await desk.follow(desk.linkTo(desk.held()), "approver-two");
    await desk.reason().fill("Anyone could assume this role");
    await desk.press("Deny");
    await desk.sees("Your denial is recorded.");
    await desk.sees("The call was refused and did not run.");
    expect(desk.api.received).toMatchObject([{ by: "approver-two", body: { verdict: "deny" } }]);
  });

  it("can be made by keyboard alone", async () => {
    await desk.follow(desk.linkTo(desk.held({ scopes: { session: true, maxMinutes: 60 } })));
    await desk.reason().waitFor();
    const focused = () =>
      desk.page.evaluate(() => document.activeElement?.tagName + (document.activeElement?.textContent ?? ""));
    for (let presses = 0; presses < 15 && !(await focused()).startsWith("TEXTAREA"); presses++)
      await desk.page.keyboard.press("Tab");
    await desk.page.keyboard.type("By keyboard");
    await desk.page.keyboard.press("Tab");
    expect(await focused()).toBe("BUTTONApprove this call");
    await desk.page.keyboard.press("Enter");
    await desk.sees("Your approval is recorded.");
    expect(sent()).toMatchObject([{ verdict: "approve", reason: "By keyboard", scope: { kind: "call" } }]);
  });

  it("needs a reason only where one is required", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.press("Approve");
    await desk.sees("Write a reason first");
    expect(sent()).toEqual([]);
    await desk.open();
    await desk.follow(desk.linkTo(desk.held({ reasonRequired: false })));
    await desk.press("Approve");
    await desk.sees("Your approval is recorded.");
    expect(sent()).toMatchObject([{ verdict: "approve", reason: "" }]);
  });

  it("that a second factor is missing for can be signed in for again", async () => {
    const whyNot = 'the group "platform" decides with a second factor: sign in with mfa';
    await desk.follow(desk.linkTo(desk.held({ mayDecide: false, whyNot })));
    await desk.press("Sign in again");
    await desk.page.locator("input[name=login]").waitFor();
    expect(desk.signIn.authorizations.at(-1)?.get("prompt")).toBe("login");
  });

  it("is not offered to someone who may not decide, and the page says why", async () => {
    await desk.follow(desk.linkTo(desk.held({ mayDecide: false, whyNot: "you cannot decide on a call of your own" })));
    await desk.sees("You cannot decide on a call of your own.");
    for (const name of ["Approve", "Sign in again"])
      expect(await desk.page.getByRole("button", { name }).isVisible()).toBe(false);
  });
});

describe("an approval that reaches further", () => {
  const scopes = { session: true, maxMinutes: 60 };

  it("holds for the session", async () => {
    await desk.follow(desk.linkTo(desk.held({ scopes })));
    await desk.page.getByLabel("This session").check();
    await desk.reason().fill("A long migration");
    await desk.press("Approve for this session");
    await desk.sees("Your approval is recorded.");
    expect(sent()).toMatchObject([{ scope: { kind: "session" } }]);
  });

  it("holds for minutes, for any arguments within limits", async () => {
    await desk.follow(desk.linkTo(desk.held({ scopes })));
    await desk.page.getByLabel("For some minutes").check();
    await desk.page.getByLabel("Minutes", { exact: true }).fill("90");
    await desk.page.getByLabel("Any arguments").check();
    await desk.press("Add a limit");
    await desk.page.getByRole("button", { name: "Argument of limit 1" }).click();
    await desk.page.getByRole("option", { name: "/roleName" }).click();
    await desk.page.getByRole("button", { name: "Rule of limit 1" }).click();
    await desk.page.getByRole("option", { name: "begins with" }).click();
    await desk.page.getByLabel("Value of limit 1").fill("role-");
    await desk.reason().fill("A long migration");
    await desk.press("Approve for 90 minutes");
    await desk.sees("Give a whole number of minutes, from 1 to 60.");
    expect(sent()).toEqual([]);
    await desk.page.getByLabel("Minutes", { exact: true }).fill("20");
    await desk.shot("decide-minutes-phone");
    await desk.press("Approve for 20 minutes");
    await desk.sees("Your approval is recorded.");
    const constraint = [{ pointer: "/roleName", prefix: "role-" }];
    expect(sent()).toMatchObject([{ scope: { kind: "minutes", minutes: 20, arguments: "any", constraint } }]);
    expect(desk.complaints).toEqual([]);
  });
});

describe("a limit", () => {
  const open = async (args: object) => {
    const scopes = { session: false, maxMinutes: 60 };
    await desk.follow(desk.linkTo(desk.held({ scopes, risks: [], arguments: JSON.stringify(args) })));
    await desk.page.getByLabel("For some minutes").check();
    await desk.page.getByLabel("Any arguments").check();
    await desk.press("Add a limit");
  };

  it("is on no argument before one is chosen, and on none that a field would not show as it is", async () => {
    const path = "/srv/\u05d0/../1/\u05d1";
    await open({
      "pa\u200bth": "/tmp",
      [path]: path,
      lines: "a\nb",
      token: "[GITHUB_TOKEN, 40 characters]",
      "path ": "/",
      n: 5,
    });
    await desk.sees("would not show as they are, are not offered");
    expect(await desk.page.getByLabel("Value of limit 1").inputValue()).toBe("");
    await desk.reason().fill("A long migration");
    await desk.press("Approve for 15 minutes");
    await desk.sees("Name the argument of every limit by its place");
    expect(sent()).toEqual([]);
    await desk.page.getByRole("button", { name: "Argument of limit 1" }).click();
    expect(await desk.page.getByRole("option").count()).toBe(1);
    await desk.page.getByRole("option").click();
    expect(await desk.page.getByLabel("Value of limit 1").inputValue()).toBe(path);
    await desk.shot("limits-phone");
  });

  it("is written by hand where no argument can be offered", async () => {
    await open({ token: "[GITHUB_TOKEN, 40 characters]" });
    await desk.page.getByLabel("Argument of limit 1").fill("/path");
    await desk.page.getByLabel("Value of limit 1").fill("reports/");
    await desk.reason().fill("A long migration");
    await desk.press("Approve for 15 minutes");
    await desk.sees("Your approval is recorded.");
    expect(sent()).toMatchObject([{ scope: { constraint: [{ pointer: "/path", equals: "reports/" }] } }]);
  });
});

describe("what is no call that waits", () => {
  it("access is given as it was asked for, or for less", async () => {
    await desk.follow(desk.linkTo(desk.held(accessRequest())));
    await desk.page.getByLabel("As asked, for 45 minutes").waitFor();
    await desk.page.getByLabel("For less").check();
    await desk.page.getByLabel("Minutes", { exact: true }).fill("10");
    await desk.reason().fill("Ten are enough");
    await desk.press("Approve for 10 minutes");
    await desk.sees("Your approval is recorded.");
    expect(sent()).toMatchObject([{ scope: { kind: "minutes", minutes: 10, arguments: "any" } }]);
  });

  it("a call that ran in an emergency is acknowledged, or objected to", async () => {
    const breakGlass = "Production is down, nobody answers";
    await desk.follow(desk.linkTo(desk.held({ kind: "review", breakGlass })));
    await desk.sees("Dana Developer ran create_role on ops without waiting for consent");
    await desk.sees(breakGlass);
    await desk.shot("review-phone");
    await desk.reason().fill("Seen, and in order");
    await desk.press("Acknowledge");
    await desk.sees("Somebody looked at it and had no objection.");
    expect(sent()).toMatchObject([{ verdict: "approve" }]);
  });
});

describe("originals that somebody wants to see", () => {
  const session = "session 4f2a";
  const wanted = {
    kind: "reveal" as const,
    server: "Evidence",
    method: "reveal",
    tool: { name: session, description: null },
    arguments: JSON.stringify({ session: "4f2a", reason: "Case 17: what did the agent see?" }),
    risks: [],
  };

  it("stand in the inbox by what they are, and are shown to nobody before a second person agrees", async () => {
    await desk.follow(desk.linkTo(desk.held(wanted)));
    await desk.sees(`Dana Developer asks to see the original of ${session}`);
    await desk.sees("The originals stay sealed until somebody decides.");
    await desk.sees("Case 17: what did the agent see?");
    await desk.reason().fill("Agreed with counsel");
    await desk.press("Approve");
    await desk.sees("The requester may see the originals once.");
    expect(sent()).toMatchObject([{ verdict: "approve" }]);
  });
});

describe("masked arguments", () => {
  it("are revealed and read before an approval, and not before a denial", async () => {
    const masked = JSON.stringify({ user: "dana", password: "[password, 12 characters]" });
    const approval = desk.held({ arguments: masked, risks: [], revealNeeded: true, mayReveal: true });
    desk.api.clear.set(approval.id, JSON.stringify({ user: "dana", password: "correct-horse" }));
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("A test account");
    await desk.press("Approve");
    await desk.sees("Reveal and read them before you approve.");
    expect(sent()).toEqual([]);
    await desk.shot("reveal-phone");
    await desk.press("Reveal the arguments");
    await desk.sees("correct-horse");
    await desk.page.locator("[aria-live]", { hasText: "The arguments are revealed." }).waitFor({ state: "attached" });
    expect(await desk.page.evaluate(() => document.activeElement?.textContent)).toBe("Arguments revealed");
    await desk.press("Approve");
    await desk.sees("Your approval is recorded.");
    expect(desk.api.received.map(({ path }) => path.split("/").at(-1))).toEqual(["reveal", "decision"]);
  });

  it("can be revealed again by who has done so, and not where they cannot be opened", async () => {
    const approval = desk.held({ mayReveal: true });
    desk.api.clear.set(approval.id, JSON.stringify({ user: "dana", password: "correct-horse" }));
    await desk.follow(desk.linkTo(approval));
    await desk.press("Reveal them again");
    await desk.sees("correct-horse");
    expect(await desk.page.getByText("Parts of the arguments are masked").count()).toBe(0);
    desk.held({ revealNeeded: true, mayReveal: false });
    await desk.page.reload();
    await desk.sees("They cannot be revealed here");
    expect(await desk.page.getByRole("button", { name: /Reveal/ }).count()).toBe(0);
  });
});

describe("a request of one's own", () => {
  it("can be withdrawn with a reason", async () => {
    await desk.follow(desk.linkTo(desk.held({ mayDecide: false, mayWithdraw: true })));
    await desk.press("Withdraw…");
    await desk.page.getByLabel("Reason: withdraw").fill("Not needed any more");
    await desk.press("Withdraw");
    await desk.sees("It is withdrawn.");
    await desk.sees("It was taken back.");
    expect(sent()).toEqual([{ reason: "Not needed any more" }]);
  });
});
