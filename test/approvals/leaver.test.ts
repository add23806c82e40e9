import type { Context, EventBridgeEvent } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LEAVER_EVENT } from "../../lambdas/leaver/event.ts";
import { createLeaver } from "../../lambdas/leaver/leaver.ts";
import { openDesk, signedIn, type TestDesk } from "./support/desk.ts";

let desk: TestDesk;
let leaver: ReturnType<typeof createLeaver>;
beforeAll(async () => {
  desk = await openDesk();
  leaver = createLeaver(desk.environment);
});
afterAll(() => desk?.stop());

type Leaving = EventBridgeEvent<string, Readonly<Record<string, unknown>>>;

/** What EventBridge hands to the function for an event that the rule let through. */
const says = (detail: Readonly<Record<string, unknown>>, id = "0e9c1f5a-6f4b-4b8e-9a51-000000000001") =>
  leaver(
    {
      version: "0",
      id,
      account: "111122223333",
      region: "us-east-1",
      time: "2026-11-21T12:00:00Z",
      resources: [],
      source: LEAVER_EVENT.source,
      "detail-type": LEAVER_EVENT.detailType,
      detail,
    } satisfies Leaving,
    {} as Context,
  );

test("who left is blocked at once, with grants and approvals ended, as by an administrator, and recorded once", async () => {
  const requester = signedIn("leaver", "developers");
  const granted = await desk.pending({ requester, scopes: { session: false, maxMinutes: 60 } });
  const scope = { kind: "minutes", minutes: 10, arguments: "any" };
  expect((await desk.decide(granted.id, signedIn("approver-one", "approvers"), { scope })).status).toBe(200);
  const pending = await desk.pending({ requester });

  for (let time = 0; time < 2; time += 1) await says({ principal: requester.id, reason: "left the company" });

  expect((await desk.access.touch(requester.id, Date.now())).blocked).toBe(true);
  expect(await desk.grants.get({ id: granted.id, principal: requester.id })).toMatchObject({ status: "ENDED" });
  expect(await desk.approvals.get(pending.id)).toMatchObject({
    status: "WITHDRAWN",
    withdrawn: { by: "event of identity.leaver", reason: "principal blocked: left the company" },
  });
  expect(await desk.records("principal.blocked", "grant.ended")).toMatchObject([
    {
      type: "principal.blocked",
      target: requester.id,
      reason: "left the company",
      session: "leaver-0e9c1f5a-6f4b-4b8e-9a51-000000000001",
      source: { userAgent: "EventBridge identity.leaver of 111122223333" },
      writer: expect.anything(),
    },
    { type: "grant.ended", grant: { id: granted.id } },
  ]);
  expect((await desk.access.principals()).find(({ id }) => id === requester.id)).toMatchObject({
    blockedBy: "event of identity.leaver",
  });
});

test("an event that names nobody of here, or no reason, fails, so that it is tried again and kept, and blocks nobody", async () => {
  for (const detail of [
    {},
    { principal: 7, reason: "left" },
    { principal: "elsewhere|ada", reason: "left" },
    { principal: "company|", reason: "left" },
    { principal: "github|acme/shop", reason: "left" },
    { principal: "company|ada" },
    { principal: "company|ada", reason: " " },
  ])
    await expect(says(detail), JSON.stringify(detail)).rejects.toThrow(/must|issuers are/);
  for (const id of ["company|ada", "github|acme/shop"]) expect((await desk.access.look(id)).blocked).toBe(false);
});

test("an administrator lets in again who was blocked by an event", async () => {
  const { id } = signedIn("returns", "developers");
  await says({ principal: id, reason: "left" });
  const as = signedIn("admin", "administrators");
  const answer = await desk.post("/principals/{id}/unblock", { as, body: { reason: "came back" } }, id);
  expect([answer.body, (await desk.access.look(id)).blocked]).toEqual([{ blocked: false }, false]);
});
