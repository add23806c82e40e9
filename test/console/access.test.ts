import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DESKTOP, Desk } from "./desk.ts";
import { deployGrant } from "./grants.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());

beforeEach(() => desk.open(DESKTOP));

const open = (tab = "") => desk.follow(`${desk.front.url}/console/#/access${tab}`);
const grant = (changes: Parameters<typeof deployGrant>[0]) => {
  const made = deployGrant(changes);
  desk.api.grants.set(made.id, made);
};
const mine = { principal: "company|approver-one", principalName: "Ana Approver" };

describe("access", () => {
  it("shows one's grants with the time that is left, and ends one for a reason", async () => {
    grant(mine);
    grant({ ...mine, id: "grant-2", tools: ["upload"], session: true, usesLeft: 2, constraint: [] });
    grant({
      ...mine,
      id: "grant-3",
      status: "ENDED",
      endedBy: "Bo Approver",
      endedAt: new Date(Date.now() - 5000).toISOString(),
      mayEnd: false,
    });
    grant({ id: "grant-4", tools: ["somebody_elses"] });
    await open();
    await desk.sees("deploy, read_log on ops");
    await desk.sees(/2[45] min \d\d s left, until/);
    await desk.sees("or the end of the session");
    await desk.sees("3 times, last");
    await desk.sees("Ended");
    expect(await desk.page.getByText("somebody_elses").count()).toBe(0);
    await desk.shot("access-desktop");
    await desk.page.getByRole("button", { name: "End this access…" }).first().click();
    await desk.page.getByLabel("Reason: end this access").fill("Done early");
    await desk.press("End this access");
    await desk.page.getByRole("heading", { name: "deploy, read_log on ops" }).waitFor({ state: "hidden" });
    expect(desk.api.received).toMatchObject([{ path: "/grants/grant-1/end", body: { reason: "Done early" } }]);
    expect(desk.complaints).toEqual([]);
  });

  it("is asked for ahead, and leads to the approval", async () => {
    await open("/ask");
    await desk.press("Ask for access");
    await desk.sees("Choose the server.");
    await desk.sees("Name one tool or more.");
    await desk.page.getByRole("button", { name: "Server" }).click();
    await desk.page.getByRole("option", { name: "ops" }).click();
    await desk.page.getByLabel("Tools").fill("deploy\nread_log, deploy");
    await desk.page.getByLabel("Minutes").fill("500");
    await desk.sees("Give a whole number of minutes, from 1 to 120.");
    await desk.page.getByLabel("Minutes").fill("45");
    await desk.press("Add a limit");
    await desk.page.getByLabel("Argument of limit 1").fill("/path");
    await desk.page.getByLabel("Value of limit 1").fill("reports/today");
    await desk.page.getByLabel("Your reason").fill("Release of Thursday");
    await desk.shot("access-ask-desktop");
    await desk.press("Ask for access");
    await desk.sees("You have asked for access");
    const constraint = [{ pointer: "/path", equals: "reports/today" }];
    const body = {
      server: "ops",
      tools: ["deploy", "read_log"],
      minutes: 45,
      reason: "Release of Thursday",
      constraint,
    };
    expect(desk.api.received).toMatchObject([{ path: "/access-requests", body }]);
    await desk.page.getByRole("link", { name: "See how it stands" }).click();
    await desk.sees("Dana Developer asks for access to ops");
    expect(desk.complaints).toEqual([]);
  });

  it("of everybody is for approvers, and blocking for those who may", async () => {
    desk.api.me = { ...desk.api.me, isApprover: false };
    await open("/all");
    await desk.sees("You have no access beyond what policy allows anyway.");
    expect(await desk.page.locator(".tabs a").allTextContents()).toEqual(["My access", "Ask for access"]);

    await desk.open(DESKTOP);
    desk.api.me = { ...desk.api.me, mayBlock: true };
    grant({ mayEnd: true });
    await open("/all");
    await desk.sees("Dana Developer company|developer");
    await desk.page.getByRole("link", { name: "Block…" }).click();
    expect(await desk.page.getByLabel("Whom").inputValue()).toBe("company|developer");
    await desk.press("Block…");
    await desk.press("Block");
    await desk.sees("Write a reason first");
    await desk.page.getByLabel("Reason: block").fill("The laptop was stolen");
    await desk.shot("access-block-desktop");
    await desk.press("Block");
    await desk.sees("company|developer is blocked.");
    const path = "/principals/company%7Cdeveloper/block";
    expect(desk.api.received).toMatchObject([{ path, body: { reason: "The laptop was stolen" } }]);
  });

  it("says plainly when a grant has ended meanwhile", async () => {
    grant(mine);
    await open();
    await desk.press("End this access…");
    await desk.page.getByLabel("Reason: end this access").fill("Done early");
    const message = "It ended a minute ago.";
    desk.front.faults.set("POST", { status: 409, body: { code: "grant_ended", message } });
    await desk.press("End this access");
    await desk.sees("This access has ended already");
    await desk.sees(message);
  });
});
