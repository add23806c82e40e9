import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textOf } from "../../demo/clients.ts";
import { DESKTOP, openScene, PHONE, type Scene, type Visitor } from "./page-scene.ts";

/** The approver's way, whole: the mail's link, the sign-in, the page, the decision, against the real functions. */
describe("an approver with a phone", () => {
  let scene: Scene;
  let alex: Visitor;
  beforeAll(async () => {
    scene = await openScene();
    alex = await scene.visitor("approver-one");
  }, 120_000);
  afterAll(() => scene?.stop());

  test("opens the link, signs in, approves with a reason, and the waiting call runs once", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-by-phone" });
    await alex.page.goto(link);
    await alex.page.getByLabel("Account").waitFor();
    await alex.shot("real-sign-in");
    await alex.follow(link);
    await alex.sees("role-by-phone");
    await alex.sees("Dana Developer asks to run create_role on ops");
    await alex.shot("real-call");
    expect(await alex.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    expect(scene.ran("create_role", "role-by-phone"), "opening the link decides nothing").toBe(0);
    await alex.writes("Your reason", "Agreed in the change meeting");
    await alex.press("Approve this call");
    await alex.sees("Your approval is recorded.");
    expect(textOf(await waiting)).toContain("role-by-phone");
    expect(scene.ran("create_role", "role-by-phone")).toBe(1);
    await alex.sees("The call was approved and ran.");
    await alex.shot("real-decided");
    expect(scene.complaints).toEqual([]);
  }, 60_000);

  test("denies, still signed in, and the caller gets the reason", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-denied-by-phone" });
    await alex.follow(link);
    await alex.sees("role-denied-by-phone");
    await alex.writes("Your reason", "Nobody asked for this role");
    await alex.press("Deny");
    await alex.sees("Your denial is recorded.");
    await alex.shot("real-denied");
    const result = await waiting;
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("Nobody asked for this role");
    expect(scene.ran("create_role", "role-denied-by-phone")).toBe(0);
  }, 60_000);

  test("is one of two where two must agree, and sees the other's word come", async () => {
    const { waiting, link } = await scene.asks("upload_object", { bucket: "partner", key: "two.csv", body: "a,b" });
    await alex.follow(link);
    await alex.sees("0 of 2 approvals so far.");
    await alex.writes("Your reason", "Fine with me");
    await alex.press("Approve");
    await alex.sees("1 of 2 approvals so far.");
    expect(await alex.page.getByRole("button", { name: "Approve" }).count(), "nobody counts twice").toBe(0);
    await alex.shot("real-quorum-one");
    expect(scene.ran("upload_object", "two.csv")).toBe(0);

    const bao = await scene.visitor("approver-two", DESKTOP);
    await bao.follow(link);
    await bao.sees("Fine with me");
    await bao.writes("Your reason", "With me too");
    await bao.press("Approve");
    await bao.sees("Your approval is recorded.");
    expect((await waiting).isError).not.toBe(true);
    expect(scene.ran("upload_object", "two.csv")).toBe(1);
    await alex.sees("With me too");
    await alex.sees("The call was approved and ran.");
    await bao.shot("real-quorum-two");
    expect(scene.complaints).toEqual([]);
  }, 60_000);

  test("in two tabs decides in one; the other says so and keeps what was written there", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-in-two-tabs" });
    await alex.follow(link);
    await alex.writes("Your reason", "From the first tab");
    const second = await alex.tab();
    await second.follow(link);
    await second.writes("Your reason", "From the second tab");
    await second.press("Approve this call");
    await second.sees("Your approval is recorded.");
    expect(textOf(await waiting)).toContain("role-in-two-tabs");
    await alex.sees(/This is (approved|running|completed) already/);
    await alex.sees("From the first tab");
    expect(await alex.page.getByRole("button", { name: "Deny" }).count()).toBe(0);
    await alex.shot("real-two-tabs");
    expect(scene.ran("create_role", "role-in-two-tabs")).toBe(1);
    await second.page.close();
    expect(scene.complaints).toEqual([]);
  }, 60_000);

  test("finds what was decided, and nothing more to decide, behind an old link", async () => {
    const [mail] = scene.stage.stack.inbox.messages;
    await alex.follow(mail?.links[0] ?? "");
    await alex.sees("The call was approved and ran.");
    await alex.sees("Agreed in the change meeting");
    expect(await alex.page.getByLabel("Your reason").count()).toBe(0);
    await alex.shot("real-decided-link");
  });

  test("is told when a link leads to no approval", async () => {
    await alex.follow(`${scene.console}#/approvals/${"a".repeat(26)}`);
    await alex.sees("There is no such approval");
    await alex.shot("real-unknown-link");
    expect(scene.complaints.splice(0)).toEqual([expect.stringContaining("404")]);
  });

  test("gets the page's parts compressed", async () => {
    const page = await (await fetch(scene.console)).text();
    const [, script = ""] = /src="(\.\/assets\/[^"]+\.js)"/.exec(page) ?? [];
    const part = await fetch(new URL(script, scene.console), { headers: { "accept-encoding": "gzip" } });
    expect([part.status, part.headers.get("content-encoding")]).toEqual([200, "gzip"]);
    expect(await part.text()).toContain("settings.json");
  });

  test("sees the inbox, and on a larger screen too", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-in-the-inbox" });
    await alex.follow(scene.console);
    await alex.sees("create_role on ops");
    await alex.shot("real-inbox-phone");
    await alex.page.setViewportSize(DESKTOP);
    await alex.shot("real-inbox");
    await alex.page.getByRole("link", { name: "create_role on ops" }).click();
    await alex.sees("role-in-the-inbox");
    expect(alex.page.url()).toBe(link);
    await alex.shot("real-call-desktop");
    await alex.writes("Your reason", "Seen on a larger screen");
    await alex.press("Approve this call");
    await waiting;
    expect(scene.complaints).toEqual([]);
  }, 60_000);
});
