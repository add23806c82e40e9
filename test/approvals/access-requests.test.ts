import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, openDesk, signedIn, type TestDesk } from "./support/desk.ts";

const one = signedIn("approver-one", "approvers");
const both = signedIn("both", "approvers", "developers");
const role = [{ pointer: "/name", prefix: "role-" }];

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk((config) => ({ ...config, limits: { ...config.limits, openApprovals: 3 } }));
});
afterAll(() => desk?.stop());

const ask = (who: string, change: object = {}, groups = ["developers"]): Promise<Answer> =>
  desk.post("/access-requests", {
    as: signedIn(who, ...groups),
    body: {
      server: "ops",
      tools: ["create_role"],
      minutes: 30,
      reason: "rolling out teams",
      constraint: role,
      ...change,
    },
  });

test("access asked for ahead waits for the group that policy names, and becomes a grant", async () => {
  const { status, body } = await ask("asker");
  expect(status).toBe(200);
  const shown = await desk.get("/approvals/{id}", { as: one }, body.approval);
  expect(shown.body).toMatchObject({
    kind: "access",
    status: "PENDING",
    group: "platform",
    access: { tools: ["create_role"], minutes: 30, constraint: role, reason: "rolling out teams" },
    policies: [{ id: "risky-needs-approval" }],
    mayDecide: true,
  });
  expect((await desk.decide(body.approval, one)).body.status).toBe("APPROVED");
  expect(await desk.grants.get({ id: body.approval, principal: "company|asker" })).toMatchObject({
    client: null,
    tools: ["create_role"],
    group: "platform",
    constraint: role,
    risks: [
      "code-execution",
      "external-write",
      "iam-change",
      "mask-written-back",
      "network-egress",
      "says-destructive",
      "secret-read",
    ],
  });
});

test("the same request is the same approval while it waits, and a denial of it stands", async () => {
  const first = await ask("again");
  expect((await ask("again")).body).toEqual(first.body);
  await desk.decide(first.body.approval, one, { verdict: "deny" });
  expect(await ask("again")).toMatchObject({
    status: 409,
    body: { code: "approval_decided", message: expect.stringMatching(/denied/) },
  });
  expect((await ask("again", { minutes: 29 })).status).toBe(409);
});

test("nobody gives access to themselves", async () => {
  const answer = await ask("both", {}, ["approvers", "developers"]);
  expect(await desk.decide(answer.body.approval, both)).toMatchObject({
    status: 403,
    body: { message: expect.stringMatching(/your own/) },
  });
});

test.each<[string, object, number, RegExp]>([
  ["an unknown server", { server: "elsewhere" }, 400, /no server/],
  ["no tools", { tools: [] }, 400, /tools/],
  ["a tool that policy never lets run", { tools: ["drop_table"] }, 403, /approved or not/],
  ["more time than policy gives", { minutes: 61 }, 400, /at most 60 minutes/],
  ["no time", { minutes: 0 }, 400, /minutes/],
  ["no reason", { reason: "" }, 400, /reason/],
  ["a limit that is none", { constraint: [{ pointer: "/a", like: "x" }] }, 400, /constraint/],
])("%s is refused, and says why", async (_, change, status, message) => {
  expect(await ask("asker-two", change)).toMatchObject({ status, body: { message: expect.stringMatching(message) } });
  expect(await desk.approvals.pendingOf("company|asker-two")).toEqual([]);
});

test("who has nothing that policy approves may ask for nothing", async () => {
  expect((await ask("stranger", {}, [])).status).toBe(403);
});

test("nobody has more pending than the limit", async () => {
  for (const minutes of [1, 2, 3]) expect((await ask("eager", { minutes })).status).toBe(200);
  expect(await ask("eager", { minutes: 4 })).toMatchObject({ status: 429, body: { code: "too_many" } });
  expect((await desk.records("access.refused")).at(-1)).toMatchObject({ principal: { id: "company|eager" } });
});

test("a credential in the reason is masked", async () => {
  const { body } = await ask("careless", { reason: "use ghp_16C7e42F292c6912E7710c838347Ae178B4a please" });
  expect((await desk.approvals.get(body.approval))?.access?.reason).not.toContain("ghp_");
});

test("me says who one is and what may be asked for", async () => {
  expect((await desk.get("/me", { as: signedIn("asker", "developers") })).body).toEqual({
    name: "asker",
    principal: "company|asker",
    groups: ["developers"],
    isApprover: false,
    mayBlock: false,
    servers: [{ name: "everything" }, { name: "ops" }],
    reasonRequired: true,
    longestGrantMinutes: 60,
  });
  expect((await desk.get("/me", { as: one })).body).toMatchObject({ isApprover: true, mayBlock: false });
  const admin = signedIn("admin", "administrators");
  expect((await desk.get("/me", { as: admin })).body).toMatchObject({ isApprover: false, mayBlock: true });
});
