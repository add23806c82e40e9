import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, modern, openGateway } from "../support/gateway.ts";

let gateway: Gateway;

beforeAll(async () => {
  gateway = await openGateway({ report: () => undefined });
}, 120_000);
afterAll(() => gateway.stack.stop());

const refused = async () => {
  await gateway.stack.drain();
  return gateway.records(({ type }) => type === "access.refused");
};
const call = (authorization?: string) =>
  fetch(`${gateway.stack.publicUrl}/mcp/ops`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
    body: JSON.stringify(modern("tools/list").body),
  });

describe("every refusal leaves a record", { timeout: 60_000 }, () => {
  test("of each odd token, with its fault and nothing of its claims", async () => {
    const tokens = await gateway.stack.oidc.oddTokens(gateway.developer);
    for (const token of Object.values(tokens)) expect((await call(`Bearer ${token}`)).status).toBe(401);
    const records = await refused();
    expect(records.map(({ reason }) => reason?.split(" ")[0]).sort()).toEqual([
      "audience",
      "expired",
      "issuer",
      "malformed",
      "signature",
    ]);
    for (const record of records) {
      expect(record).toMatchObject({
        component: "refusals",
        outcome: "refused",
        method: "POST",
        target: "/mcp/ops",
        session: expect.stringMatching(/^refusals-\d{4}-\d\d-\d\dT\d\d$/),
        source: { ip: "127.0.0.1", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      });
      expect(record.principal).toBeUndefined();
    }
    const [, payload = ""] = gateway.developer.split(".");
    const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
    expect(JSON.stringify(records)).not.toContain(sub);
  });

  test("of a request without a token, and of a token of the console on an MCP path", async () => {
    const before = (await refused()).length;
    expect((await call()).status).toBe(401);
    expect((await call(`Bearer ${await gateway.stack.token("approver-one", "console")}`)).status).toBe(401);
    expect((await refused()).slice(before).map(({ reason }) => reason)).toEqual([
      "no token",
      "the token had expired since it was verified, or is meant for another audience",
    ]);
  });

  test("of a flood a few", async () => {
    const before = (await refused()).length;
    for (let at = 0; at < 40; at += 1) expect((await call("Bearer garbage")).status).toBe(401);
    const reasons = (await refused()).slice(before).map(({ reason }) => reason ?? "");
    // A minute may end on the way: then two of them have their first ten.
    expect(reasons.length).toBeLessThan(26);
    expect(
      reasons.filter((reason) =>
        /^at least (16|32) refusals of this source in this minute; this one: malformed/.test(reason),
      ).length,
    ).toBeGreaterThan(0);
  });
});
