import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { person } from "../support/samples.ts";
import { openDesk, signedIn, type TestDesk } from "./support/desk.ts";

const admin = signedIn("admin", "administrators");
const one = signedIn("approver-one", "approvers");

/** The policy that the guide gives to whoever lets a job block leavers. */
const GUIDE = readFileSync("docs/identity.md", "utf8");
const LEAVERS = /^ {6}(@id\("leaver-process-blocks"\)\n(?: {6}.+\n)+?.*;)$/m.exec(GUIDE)?.[1] ?? "";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk(undefined, LEAVERS);
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

describe("a workload that the guide's policy lets block", () => {
  const audience = "https://countersign.example.com";
  const leavers = {
    ...person("acme/identity:leavers:1:2"),
    claims: { job_workflow_ref: "acme/identity/.github/workflows/leavers.yml@refs/heads/main" },
    kind: "workload" as const,
    id: "github|acme/identity:leavers:1:2",
    issuer: "https://token.actions.githubusercontent.com",
    person: null,
    authTime: null,
  };
  const asks = (word: "block" | "unblock", change: object = {}) =>
    desk.post(
      `/principals/{id}/${word}`,
      { as: leavers, audience, body: { reason: "left the company" }, ...change },
      "company|left",
    );

  test("blocks, and its record says that it was no person", async () => {
    expect(await asks("block")).toMatchObject({ status: 200, body: { blocked: true } });
    expect((await desk.access.look("company|left")).blocked).toBe(true);
    const [record] = (await desk.records("principal.blocked")).filter(({ target }) => target === "company|left");
    expect(record).toMatchObject({ principal: { kind: "workload", id: leavers.id }, reason: "left the company" });
  });

  test("takes no block back, and reads nothing", async () => {
    expect(await asks("unblock")).toMatchObject({ status: 403, body: { code: "unauthorized_audience" } });
    expect((await desk.access.look("company|left")).blocked).toBe(true);
    const read = await desk.get("/grants", { as: leavers, audience });
    expect(read).toMatchObject({ status: 403, body: { code: "unauthorized_audience" } });
  });

  test.each<[string, object, number, string]>([
    ["a token that expired", { expiresAt: 1 }, 401, "token_invalid"],
    ["a token for the console", { audience: undefined }, 403, "unauthorized_audience"],
    [
      "a token of an issuer of people",
      { as: { ...leavers, issuer: "https://login.example.com" } },
      403,
      "unauthorized_audience",
    ],
    ["an agent's token of a person", { as: { ...admin, client: "agent" } }, 403, "unauthorized_audience"],
    [
      "another workflow's token",
      { as: { ...leavers, claims: { job_workflow_ref: "acme/shop/.github/x.yml" } } },
      403,
      "forbidden",
    ],
    [
      "a group of that name, which is people's",
      { as: { ...leavers, claims: {}, groups: ["administrators"] } },
      403,
      "forbidden",
    ],
  ])("blocks nobody with %s", async (_, change, status, code) => {
    const answer = await desk.post(
      "/principals/{id}/block",
      { as: leavers, audience, body: { reason: "left" }, ...change },
      "company|stays",
    );
    expect(answer).toMatchObject({ status, body: { code } });
    expect((await desk.access.look("company|stays")).blocked).toBe(false);
  });

  test("blocks nobody any more once it is blocked itself", async () => {
    expect((await set("block", leavers.id)).status).toBe(200);
    expect(await asks("block")).toMatchObject({ status: 403, body: { message: expect.stringMatching(/blocked/) } });
  });
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
