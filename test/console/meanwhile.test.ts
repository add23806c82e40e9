import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fromNow } from "./approvals.ts";
import { Desk } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());

beforeEach(() => desk.open());

describe("while the room of an approval is open", () => {
  it("an expired approval is shown as over", async () => {
    await desk.follow(desk.linkTo(desk.held({ status: "EXPIRED", deadline: fromNow(-60_000), mayDecide: false })));
    await desk.sees("Its time ran out.");
    expect(await desk.reason().isVisible()).toBe(false);
    expect(await desk.page.locator(".clock").isVisible()).toBe(false);
    await desk.shot("expired-phone");
  });

  it("the time that is left counts down, and what was written stays when it runs out", async () => {
    const approval = desk.held({ deadline: fromNow(9000) });
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("Nearly done reading");
    expect(await desk.textOf(".clock")).toMatch(/^\d s left to decide/);
    desk.held({ ...approval, status: "EXPIRED", mayDecide: false });
    await desk.sees("Its time ran out.");
    await desk.sees("This is expired already");
    await desk.sees("Nearly done reading");
  });

  it("a decision of somebody else is told, and what was written is kept until it is discarded", async () => {
    const approval = desk.held();
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("I was about to agree");
    const decisions = [{ by: "approver-two", verdict: "deny" as const, reason: "Too broad", at: fromNow(0) }];
    desk.held({ ...approval, status: "DENIED", mayDecide: false, decisions });
    await desk.sees("Too broad");
    await desk.sees("This is denied already");
    await desk.sees("I was about to agree");
    expect(await desk.reason().isVisible()).toBe(false);
    await desk.shot("decided-by-another-phone");
    await desk.press("Discard the text");
    await desk.page.getByText("I was about to agree").waitFor({ state: "detached" });
  });

  it("a decision in one tab shows in the other", async () => {
    const approval = desk.held({ quorum: 2 });
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("From the first tab");
    const other = await desk.tab();
    await other.goto(desk.linkTo(approval));
    // Signed in at the provider already; the tab itself keeps its own session.
    await other.getByLabel("Your reason").fill("From the second tab");
    await other.getByRole("button", { name: "Approve" }).click();
    await other.getByText("Your approval is recorded.").waitFor();
    await desk.sees("1 of 2 approvals so far.");
    await desk.sees("You have decided already.");
    await desk.sees("From the first tab");
  });

  it("a call that changes is pointed out, and the decision is about what is shown then", async () => {
    const approval = desk.held();
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("Fine");
    desk.held({ ...approval, tool: { name: "create_role", description: "Creates a role and tells the internet." } });
    await desk.sees("This changed while you had it open");
    await desk.sees("tells the internet");
    expect(await desk.reason().inputValue()).toBe("Fine");
  });
});

describe("what goes wrong is said plainly", () => {
  it("that an approval does not exist", async () => {
    await desk.follow(`${desk.front.url}/console/#/approvals/none-such`);
    await desk.sees("There is no such approval");
    await desk.sees("No approval has the id none-such.");
    await desk.shot("not-found-phone");
  });

  it("what each refusal means, and the reason is kept", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.reason().fill("Fine");
    for (const [status, code, title] of [
      [409, "approval_conflict", "This is no longer open"],
      [409, "approval_decided", "Someone decided before you"],
      [409, "approval_expired", "Its time has run out"],
      [409, "rendered_changed", "This is not what you saw any more"],
      [409, "reveal_needed", "Reveal the arguments first"],
      [409, "seal_invalid", "The arguments cannot be opened"],
      [403, "forbidden", "You may not do this"],
      [400, "bad_request", "This was not accepted"],
      [429, "too_many", "Too many requests"],
      [500, "internal", "Countersign could not do this"],
      [503, "evidence_unavailable", "Countersign could not do this"],
    ] as const) {
      const message = `What the API says of ${code}.`;
      desk.front.faults.set("POST", { status, body: { code, message } });
      await desk.press("Approve");
      await desk.sees(title);
      await desk.sees(message);
      expect(await desk.reason().inputValue()).toBe("Fine");
    }
  });

  it("that nothing can be approved for who is blocked, which is not about the approver", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.reason().fill("Fine");
    const message = "the requester is blocked: nothing can be approved for them";
    desk.front.faults.set("POST", { status: 403, body: { code: "forbidden", message } });
    await desk.press("Approve");
    await desk.sees("Whoever asks is blocked. You can deny it");
    expect(await desk.page.getByText("You may not do this").count()).toBe(0);
  });

  it("and never that a call did not run which ran", async () => {
    await desk.follow(desk.linkTo(desk.held({ kind: "review", breakGlass: "Production is down" })));
    await desk.reason().fill("Fine");
    const message = "this approval is EXPIRED: its time is over";
    desk.front.faults.set("POST", { status: 409, body: { code: "approval_expired", message } });
    await desk.press("Acknowledge");
    await desk.sees(message);
    expect(await desk.page.getByText("did not run").count()).toBe(0);
  });

  it("and stays on screen while the page goes on asking how things stand", async () => {
    const approval = desk.held();
    await desk.follow(desk.linkTo(approval));
    await desk.reason().fill("Fine");
    desk.front.faults.set("POST", { status: 400, body: { code: "bad_request", message: "That is no reason." } });
    await desk.press("Approve");
    await desk.sees("That is no reason.");
    desk.held({ ...approval, status: "WITHDRAWN", mayDecide: false });
    await desk.sees("It was taken back.");
    expect(await desk.page.getByText("That is no reason.").isVisible()).toBe(true);
  });

  it("and goes away by itself when the connection comes back", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.reason().waitFor();
    desk.front.faults.set("GET", "hang-up");
    await desk.sees("Countersign did not answer");
    desk.front.faults.clear();
    await desk.page.getByText("Countersign did not answer").waitFor({ state: "detached" });
  });

  it("that a new sign-in is needed, after which the reason is still there", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.reason().fill("Written before");
    const message = "Your sign-in is older than 15 minutes.";
    desk.front.faults.set("POST", { status: 401, body: { code: "stale_sign_in", message } });
    await desk.press("Deny");
    await desk.sees(message);
    desk.front.faults.clear();
    await desk.press("Sign in again");
    await desk.page.locator("input[name=login]").waitFor();
    expect(desk.signIn.authorizations.at(-1)?.get("prompt")).toBe("login");
    await desk.signInAs("approver-one", "known");
    await desk.sees("Dana Developer asks to run create_role on ops");
    expect(await desk.reason().inputValue()).toBe("Written before");
  });

  it("that the answer is not what the API promises", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.reason().waitFor();
    desk.front.faults.set("GET", { status: 200, body: { id: "x", status: "SURE" } });
    await desk.sees("The page could not show this");
  });
});
