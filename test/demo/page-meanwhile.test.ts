import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decide } from "../../demo/approver.ts";
import { textOf } from "../../demo/clients.ts";
import { DESKTOP, openScene, type Scene, type Visitor } from "./page-scene.ts";

describe("while an approver has the page open", () => {
  let scene: Scene;
  let alex: Visitor;
  beforeAll(async () => {
    scene = await openScene({ expiresAfter: "30s" });
    alex = await scene.visitor("approver-one");
    await alex.follow(scene.console);
  }, 120_000);
  afterAll(() => scene?.stop());

  const idOf = (link: string) => link.split("/").at(-1) ?? "";

  test("somebody else decides: it says so, and what was written is kept to copy", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-of-another" });
    await alex.follow(link);
    await alex.writes("Your reason", "I was about to agree");
    const bao = await scene.stage.token("approver-two", "console");
    expect((await decide(scene.stage, idOf(link), bao, "deny", "Too broad")).status).toBe(200);
    await alex.sees("Too broad");
    await alex.sees("This is denied already");
    await alex.sees("I was about to agree");
    expect(await alex.page.getByLabel("Your reason").count()).toBe(0);
    await alex.shot("real-decided-by-another");
    expect(textOf(await waiting)).toContain("Too broad");
    expect(scene.complaints).toEqual([]);
  }, 60_000);

  test("an administrator blocks the caller: the call that waits is cut, the page says so, the next call is refused", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-of-the-blocked" });
    await alex.follow(link);
    const identity =
      (await alex.page
        .getByText(/^local\|/)
        .first()
        .textContent()) ?? "";

    const ash = await scene.visitor("admin", DESKTOP);
    await ash.follow(scene.console);
    await ash.page.getByRole("link", { name: "Access", exact: true }).click();
    await ash.page.getByRole("link", { name: "Block", exact: true }).click();
    await ash.writes("Whom", identity);
    await ash.press("Block…");
    await ash.writes("Reason: block", "The laptop was stolen");
    await ash.shot("real-block");
    const began = performance.now();
    await ash.press("Block");
    await ash.sees("is blocked.");
    const cut = await waiting;
    expect(performance.now() - began, "cut within five seconds").toBeLessThan(5000);
    expect(cut.isError).toBe(true);
    expect(scene.ran("create_role", "role-of-the-blocked")).toBe(0);
    await alex.sees("It was taken back. The call did not run.");
    await alex.sees("The laptop was stolen");
    await alex.shot("real-blocked");
    await expect(scene.call("list_roles", {})).rejects.toThrow(/blocked/);

    await ash.press("Lift the block…");
    await ash.writes("Reason: lift the block", "It was found again");
    await ash.press("Lift the block");
    await ash.sees("is no longer blocked.");
    expect((await scene.call("list_roles", {})).isError).not.toBe(true);
    expect(scene.complaints).toEqual([]);
  }, 60_000);

  test("its time runs out: the clock ends, the form goes, what was written stays", async () => {
    const { waiting, link } = await scene.asks("create_role", { name: "role-too-late" });
    await alex.follow(link);
    await alex.sees(/\d+ s left to decide/);
    await alex.writes("Your reason", "Nearly done reading");
    await alex.shot("real-hurry");
    await alex.page.getByText("Its time ran out.").first().waitFor({ timeout: 45_000 });
    await alex.sees("This is expired already");
    await alex.sees("Nearly done reading");
    expect(await alex.page.getByLabel("Your reason").count()).toBe(0);
    await alex.shot("real-expired");
    expect(textOf(await waiting)).toMatch(/expired/i);
    expect(scene.ran("create_role", "role-too-late")).toBe(0);
    expect(scene.complaints).toEqual([]);
  }, 90_000);
});
