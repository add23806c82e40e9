import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessRequest, fromNow, fullStory, named } from "./approvals.ts";
import { DESKTOP, Desk, PHONE } from "./desk.ts";
import { deployGrant } from "./grants.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());

/** Rooms by their address, and a text that is there once they are drawn. */
const ROOMS = [
  ["inbox", "#/", "delete_all on ops"],
  ["approval", "#/approvals/k3v7q2m5x4t6b2n7d5c3z6a4ye", "Why it needs consent"],
  ["decided", "#/approvals/done-1", "Decisions"],
  ["access", "#/access", "deploy, read_log on ops"],
  ["ask", "#/access/ask", "Limits on the arguments"],
  ["everybody", "#/access/all", "Dana Developer"],
  ["block", "#/access/block/company%7Cdeveloper", "Whom"],
] as const;

/** What axe finds that shuts somebody out. */
async function violations(): Promise<string[]> {
  // Evaluated by the browser's own door, which the page's policy does not bind.
  await desk.page.evaluate(axe);
  const { violations, passes } = await desk.page.evaluate<AxeResults>("axe.run()");
  expect(passes.length).toBeGreaterThan(10);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
    );
}

function fill(): void {
  const { api } = desk;
  api.me = { ...api.me, mayBlock: true };
  desk.held(fullStory());
  desk.held({ id: "soon-1", tool: named("delete_all"), deadline: fromNow(200_000) });
  desk.held(accessRequest());
  const at = fromNow(0);
  desk.held({
    ...{ id: "done-1", status: "DENIED", mayDecide: false },
    decisions: [{ by: "Bo Approver", verdict: "deny", reason: "Too broad", at }],
  });
  const principal = "company|approver-one";
  api.grants.set("grant-1", deployGrant({ principal, principalName: "Ana Approver" }));
  api.grants.set(
    "grant-2",
    deployGrant({ id: "grant-2", status: "ENDED", principal, endedBy: "Bo", endedAt: at, mayEnd: false }),
  );
  api.grants.set("grant-3", deployGrant({ id: "grant-3" }));
}

describe.each([
  ["light", "desktop", DESKTOP],
  ["dark", "desktop", DESKTOP],
  ["light", "phone", PHONE],
  ["dark", "phone", PHONE],
] as const)("in %s on a %s", (scheme, device, viewport) => {
  it("every room can be used by everybody, and fits", async () => {
    await desk.open(viewport, scheme);
    fill();
    await desk.follow(`${desk.front.url}/console/`);
    for (const [room, fragment, text] of ROOMS) {
      await desk.page.evaluate((to) => location.assign(to), fragment);
      await desk.page.getByText(text).first().waitFor();
      await desk.page.getByRole("status").getByText("Loading").waitFor({ state: "detached" });
      await desk.shot(`room-${room}-${scheme}-${device}`);
      expect(await violations(), room).toEqual([]);
      const width = await desk.page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, room).toBeLessThanOrEqual(viewport.width);
    }
    expect(desk.complaints).toEqual([]);
  }, 90_000);
});

describe("by keyboard", () => {
  it("one gets past the head of the page, and to every room", async () => {
    await desk.open(PHONE);
    fill();
    await desk.follow(`${desk.front.url}/console/`);
    await desk.sees("delete_all on ops");
    await desk.page.keyboard.press("Tab");
    await desk.page.keyboard.press("Enter");
    expect(await desk.page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
    await desk.page.keyboard.press("Tab");
    await desk.page.keyboard.press("Tab");
    await desk.page.keyboard.press("Enter");
    await desk.page.locator("[aria-current]", { hasText: "Decided by me" }).waitFor();
    expect(await desk.page.evaluate(() => document.activeElement?.textContent)).toBe("Decided by me");
    await desk.page.getByRole("link", { name: "Access" }).focus();
    await desk.page.keyboard.press("Enter");
    await desk.sees("deploy, read_log on ops");
    expect(await desk.page.evaluate(() => document.activeElement?.textContent)).toBe("Access");
  });
});
