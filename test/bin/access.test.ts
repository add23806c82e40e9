import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api, decide } from "../../demo/approver.ts";
import { oldClient, textOf } from "../../demo/clients.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";

const run = promisify(execFile);

describe("the command line, as who looks after access runs it", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(() => undefined, { expiresAfter: "10m" });
  }, 120_000);
  afterAll(() => stage?.stack.stop());

  async function countersign(args: readonly string[], token?: string) {
    const { place } = stage.stack;
    const env = {
      PATH: process.env.PATH,
      ...place.environment,
      COUNTERSIGN_URL: place.url,
      ...(token === undefined ? {} : { COUNTERSIGN_TOKEN: token }),
    };
    try {
      return { code: 0, ...(await run(process.execPath, ["bin/cli.ts", ...args], { env })) };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  }

  test("access is asked for, given, listed, reviewed, and ends with a block", async () => {
    const dana = await stage.token("developer", "console");
    const alex = await stage.token("approver-one", "console");
    const admin = await stage.token("admin", "console");
    const asked = await api(stage, "/access-requests", dana, {
      server: "ops",
      tools: ["create_role"],
      minutes: 10,
      reason: "new teams this afternoon",
      constraint: [{ pointer: "/name", prefix: "role-" }],
    });
    const id = String(asked.body.approval);
    expect(asked.status, JSON.stringify(asked.body)).toBe(200);
    expect(await decide(stage, id, alex, "approve", "agreed in the stand-up")).toMatchObject({ status: 200 });

    const listed = await countersign(["grants", "--json"], dana);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id, status: "ACTIVE", tools: ["create_role"] }]);
    expect((await countersign(["grants", "--all"], alex)).stdout).toContain(id);
    expect(await countersign(["grants", "--all"], dana)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("only approvers"),
    });

    const client = await oldClient(`${stage.stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    await client.callTool("read_config", { name: "billing" });
    const covered = await client.callTool("create_role", { name: "role-team-a" });
    expect(covered.isError, textOf(covered)).not.toBe(true);
    const review = await countersign(["access", "review", "--json"]);
    const { principals, grants } = JSON.parse(review.stdout);
    expect(principals).toEqual(
      expect.arrayContaining([expect.objectContaining({ principal: "local|developer", blocked: null })]),
    );
    expect(grants).toMatchObject([{ grant: id, principal: "local|developer", status: "ACTIVE", uses: 1 }]);
    expect((await countersign(["access", "review"])).stdout).toMatch(/Principals: \d+\n.*lastUsed/s);

    const why = ["--reason", "laptop lost"];
    expect(await countersign(["block", "local|developer", ...why], alex)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no policy permits you"),
    });
    expect((await countersign(["block", "local|developer", ...why], admin)).stdout).toContain("is blocked");
    const refused = await client.callTool("read_config", { name: "billing" });
    expect(textOf(refused)).toContain("blocked");
    expect(JSON.parse((await countersign(["grants", "--all", "--json"], alex)).stdout)).toMatchObject([
      { id, status: "ENDED", endedBy: "Ash Admin" },
    ]);
    expect((await countersign(["unblock", "local|developer", ...why], admin)).stdout).toContain("may call again");
    await client.close();

    await stage.stack.drain();
    const types = (await stage.stack.ledgerLines())
      .map((line) => JSON.parse(line))
      .filter((record) => record.approval?.id === id || record.grant?.id === id || record.target === "local|developer")
      .map(({ type }) => type);
    expect(types.sort()).toEqual([
      "approval.decided",
      "approval.requested",
      "call.completed",
      "call.received",
      "grant.created",
      "grant.ended",
      "principal.blocked",
      "principal.unblocked",
    ]);
  }, 120_000);

  test("approvers check says which groups can be reached, and fails when one cannot", async () => {
    const found = await countersign(["approvers", "check", "--json"]);
    const { groups, subscribers } = JSON.parse(found.stdout);
    expect(groups.map(({ group }: { group: string }) => group)).toEqual(["platform", "security"]);
    expect(subscribers.length).toBeGreaterThan(0);
    expect(found.code).toBe(groups.every(({ enough }: { enough: boolean }) => enough) ? 0 : 1);
    const unknown = await countersign(["approvers", "confirm", "--group", "nobody", "--token", "t"]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no topic for the group "nobody"') });
  }, 60_000);
});
