import { afterAll, beforeAll, expect, test } from "vitest";
import { openDesk, signedIn, type TestDesk } from "./support/desk.ts";

const agent = { ...signedIn("agent-holder", "approvers"), client: "agent" };

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.stop());

const reasonsOf = async (id: string, target: string) =>
  (await desk.records("access.refused"))
    .filter((record) => record.principal?.id === id && record.target === target)
    .map(({ reason }) => reason ?? "");

test("an agent's token that asks again and again leaves a few records, and they say how many there were", async () => {
  for (let at = 0; at < 40; at += 1) expect((await desk.get("/me", { as: agent })).status).toBe(403);
  const reasons = await reasonsOf(agent.id, "/me");
  // A minute may end on the way: then two of them have their first ten.
  expect(reasons.length).toBeGreaterThanOrEqual(10);
  expect(reasons.length).toBeLessThan(26);
  expect(reasons.at(-1)).toMatch(
    /^at least (16|32) refusals of this kind and principal in this minute; this one: the token was not issued to the console$|^the token was not issued to the console$/,
  );
  expect(reasons.some((reason) => /^at least (16|32) refusals/.test(reason))).toBe(true);
});

test("a path that nobody can read hides no attempt", async () => {
  const hider = { ...agent, id: "company|hider" };
  for (const path of ["decision", "withdraw"])
    expect(await desk.post(`/approvals/{id}/${path}`, { as: hider, isEncoded: true }, "%FF")).toMatchObject({
      status: 403,
      body: { code: "unauthorized_audience" },
    });
  expect(await reasonsOf(hider.id, "/approvals/%FF/decision")).toEqual(["the token was not issued to the console"]);
  expect(await reasonsOf(hider.id, "/approvals/%FF/withdraw")).toEqual(["the token was not issued to the console"]);
});

test("one attempt elsewhere is recorded beside the flood", async () => {
  for (let at = 0; at < 20; at += 1) await desk.get("/me", { as: agent });
  expect((await desk.get("/grants", { as: agent })).status).toBe(403);
  expect(await reasonsOf(agent.id, "/grants")).toEqual(["the token was not issued to the console"]);
});

test("what a person who may come in tries on an approval is recorded each time", async () => {
  const passer = signedIn("passer-by");
  const { id } = await desk.pending();
  for (let at = 0; at < 14; at += 1) expect((await desk.decide(id, passer)).status).toBe(403);
  const refused = (await desk.records("access.refused")).filter(({ approval }) => approval?.id === id);
  expect(refused).toHaveLength(14);
});
