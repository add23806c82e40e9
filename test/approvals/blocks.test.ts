import { afterAll, beforeAll, expect, test } from "vitest";
import { openDesk, signedIn, type TestDesk } from "./support/desk.ts";

const admin = signedIn("admin", "administrators");
const one = signedIn("approver-one", "approvers");

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.stop());

const set = (word: "block" | "unblock", id: string, as = admin, body: object = { reason: "left the company" }) =>
  desk.post(`/principals/{id}/${word}`, { as, body }, id);

test("a block stands at once, ends grants, withdraws approvals, and is recorded once however often it is said", async () => {
  const requester = signedIn("leaver", "developers");
  const scopes = { session: false, maxMinutes: 60 };
  const granted = await desk.pending({ requester, scopes });
  const scope = { kind: "minutes", minutes: 10, arguments: "any" };
  expect((await desk.decide(granted.id, one, { scope })).status).toBe(200);
  const pending = await desk.pending({ requester });
  const review = await desk.pending({ requester, kind: "review", breakGlass: "because" });

  for (let time = 0; time < 3; time += 1)
    expect(await set("block", requester.id)).toMatchObject({ status: 200, body: { blocked: true } });

  expect((await desk.access.look(requester.id)).blocked).toBe(true);
  expect((await desk.access.touch(requester.id, Date.now())).blocked).toBe(true);
  const about = { id: granted.id, principal: requester.id };
  expect(await desk.grants.get(about)).toMatchObject({ status: "ENDED", endedBy: "admin" });
  expect((await desk.approvals.get(granted.id))?.status).toBe("WITHDRAWN");
  expect(await desk.approvals.get(pending.id)).toMatchObject({
    status: "WITHDRAWN",
    withdrawn: { by: "admin", reason: "principal blocked: left the company" },
  });
  expect((await desk.approvals.get(review.id))?.status, "what ran is looked at all the same").toBe("PENDING");
  expect(await desk.records("principal.blocked", "grant.ended")).toMatchObject([
    { type: "principal.blocked", target: requester.id, reason: "left the company", principal: { id: admin.id } },
    { type: "grant.ended", grant: { id: granted.id } },
  ]);
  expect(await desk.get("/me", { as: requester })).toMatchObject({
    status: 403,
    body: { message: expect.stringMatching(/blocked/) },
  });

  for (let time = 0; time < 2; time += 1) expect((await set("unblock", requester.id)).body).toEqual({ blocked: false });
  expect((await desk.access.look(requester.id)).blocked).toBe(false);
  expect(await desk.grants.get(about)).toMatchObject({ status: "ENDED" });
  expect(await desk.records("principal.unblocked")).toHaveLength(1);
});

test("a block that was cut off half-way is finished by the next", async () => {
  const requester = signedIn("half-way", "developers");
  const row = await desk.pending({ requester });
  desk.proxy.cutAfter(1, (operation) => operation === "UpdateItem");
  expect((await set("block", requester.id)).status).toBe(500);
  desk.proxy.mend();
  expect((await desk.access.look(requester.id)).blocked).toBe(true);
  expect((await desk.approvals.get(row.id))?.status).toBe("PENDING");
  expect((await set("block", requester.id)).status).toBe(200);
  expect((await desk.approvals.get(row.id))?.status).toBe("WITHDRAWN");
});

test("an id with slashes and colons is one principal", async () => {
  const id = "github|repo:acme/shop:ref:refs/heads/main";
  expect((await set("block", id)).status).toBe(200);
  expect((await desk.access.look(id)).blocked).toBe(true);
});

test("only who administers blocks, not oneself, nobody unknown, and for a reason", async () => {
  expect(await set("block", "company|x", one)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  expect(await set("block", admin.id)).toMatchObject({
    status: 403,
    body: { message: expect.stringMatching(/yourself/) },
  });
  expect(await set("block", "elsewhere|x")).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(/issuers are company, github/) },
  });
  expect((await set("block", "company|x", admin, {})).status).toBe(400);
  expect((await set("block", "company|x", { ...admin, authTime: 1 })).body.code).toBe("stale_sign_in");
  expect((await desk.access.look("company|x")).blocked).toBe(false);
  const refused = await desk.records("access.refused");
  expect(refused.filter(({ target }) => target === "/principals/company%7Cx/block").length).toBe(3);
});
