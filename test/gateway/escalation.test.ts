import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api, decide, mailedApproval } from "../../demo/approver.ts";
import { oldClient } from "../../demo/clients.ts";
import { executionsOf } from "../../demo/executions.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";

describe("an approval that the first group leaves alone", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(() => undefined, { expiresAfter: "40s", escalateAfter: "3s" });
  }, 120_000);
  afterAll(() => stage?.stack.stop());

  test("is mailed to the second group, and can then be decided as before", async () => {
    const { stack } = stage;
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    const since = Date.now();
    const waiting = client.callTool("create_role", { name: "role-late" });
    const id = await mailedApproval(stage, since);
    const [first] = stack.inbox.messages;
    const second = await stack.inbox.waitFor((mail) => mail.topicArn !== first?.topicArn);
    expect(second.topicArn).toContain("security");
    expect(second.links).toEqual(first?.links);

    const approver = await stage.token("approver-two", "console");
    expect((await api(stage, `/approvals/${id}`, approver)).body.status).toBe("PENDING");
    expect((await decide(stage, id, approver, "approve", "seen by the second group")).status).toBe(200);
    expect((await waiting).isError).not.toBe(true);
    expect(executionsOf(stage, "create_role", "role-late")).toBe(1);
    await client.close();
    await stack.drain();
    const types = (await stack.ledgerLines())
      .map((line) => JSON.parse(line))
      .filter((record) => record.approval?.id === id);
    expect(types.map((record) => record.type)).toEqual(
      expect.arrayContaining(["approval.requested", "approval.escalated", "approval.decided", "approval.consumed"]),
    );
  }, 60_000);
});
