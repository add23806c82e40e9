import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accessRequest, fromNow, named } from "./approvals.ts";
import { DESKTOP, Desk } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());

beforeEach(() => desk.open(DESKTOP));

const open = () => desk.follow(`${desk.front.url}/console/`);
const rows = () => desk.page.locator(".rows .what").allTextContents();

describe("the inbox", () => {
  it("shows what waits, soonest end first, and leads to it", async () => {
    desk.held({ id: "later-1", tool: named("upload"), deadline: fromNow(3_600_000) });
    desk.held({ id: "soon-1", tool: named("delete_all"), deadline: fromNow(100_000) });
    desk.held({ id: "done-1", tool: named("old"), status: "COMPLETED", mayDecide: false });
    desk.held(accessRequest({ deadline: fromNow(7_200_000) }));
    await open();
    await desk.sees("delete_all on ops");
    expect(await rows()).toEqual(["delete_all on ops", "upload on ops", "Access to deploy, read_log on ops"]);
    await desk.sees(/1 min 3\d s left/);
    await desk.shot("inbox-desktop");
    await desk.page.getByRole("link", { name: "upload on ops" }).click();
    await desk.sees("Dana Developer asks to run upload on ops");
    expect(await desk.page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await desk.page.goBack();
    await desk.sees("delete_all on ops");
    expect(desk.complaints).toEqual([]);
  });

  it("has a tab for each view, which the address remembers", async () => {
    const by = "approver-one";
    const decisions = [{ by, verdict: "deny" as const, reason: "No", at: fromNow(0) }];
    desk.held({ id: "waits-1", tool: named("waits") });
    desk.held({ id: "decided-1", tool: named("decided"), status: "DENIED", mayDecide: false, decisions });
    const ana = { kind: "user", name: "Ana Approver", id: "company|approver-one" } as const;
    const requester = { ...ana, client: null, initiator: null };
    desk.held({ id: "mine-1", tool: named("own"), mayDecide: false, requester });
    await open();
    await desk.sees("waits on ops");
    for (const [tab, expected] of [
      ["Decided by me", ["decided on ops"]],
      ["Asked by me", ["own on ops"]],
      ["All", ["waits on ops", "own on ops", "decided on ops"]],
    ] as const) {
      await desk.page.getByRole("link", { name: tab, exact: true }).click();
      await desk.page.getByRole("list", { name: tab }).waitFor();
      expect((await rows()).toSorted()).toEqual(expected.toSorted());
    }
    expect(desk.page.url()).toBe(`${desk.front.url}/console/#/inbox/all`);
    await desk.page.goBack();
    await desk.page.locator("[aria-current]", { hasText: "Asked by me" }).waitFor();
  });

  it("says that nothing waits, and shows what comes by itself", async () => {
    await open();
    await desk.sees("Nothing waits for you.");
    desk.held();
    await desk.sees("create_role on ops");
  });

  it("looks further while pages hold nothing, and does not say that nothing waits before the last", async () => {
    desk.held();
    desk.api.emptyPages = 3;
    await open();
    await desk.sees("create_role on ops");
    desk.api.emptyPages = 12;
    await desk.page.reload();
    await desk.sees("Nothing was found so far. There is more to look through.");
    expect(await desk.page.getByText("Nothing waits for you.").count()).toBe(0);
    await desk.press("Show more");
    await desk.sees("create_role on ops");
  });

  it("opens quickly with a thousand calls, a page at a time", async () => {
    for (let at = 0; at < 1000; at++)
      desk.held({ id: `many-${at}`, tool: named(`tool_${at}`), deadline: fromNow(60_000 * (at + 10)) });
    await open();
    await desk.sees("tool_0 on ops");
    expect(await desk.page.locator(".rows > li").count()).toBe(100);
    const began = Date.now();
    for (let page = 2; page <= 10; page++) {
      await desk.press("Show more");
      await desk.page
        .locator(".rows > li")
        .nth(page * 100 - 1)
        .waitFor();
    }
    expect(Date.now() - began).toBeLessThan(20_000);
    await desk.sees("tool_999 on ops");
    expect(await desk.page.getByRole("button", { name: "Show more" }).isVisible()).toBe(false);
    const again = Date.now();
    await desk.page.reload();
    await desk.sees("tool_0 on ops");
    expect(Date.now() - again).toBeLessThan(5000);
  });

  it("says what is wrong when there is no answer, and goes on", async () => {
    desk.held();
    await open();
    await desk.sees("create_role on ops");
    desk.front.faults.set("GET", "hang-up");
    await desk.sees("Countersign did not answer");
    expect(await rows()).toEqual(["create_role on ops"]);
    desk.front.faults.clear();
    await desk.press("Try again");
    await desk.page.getByText("Countersign did not answer").waitFor({ state: "detached" });
  });
});
