import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api, decide, mailedApproval } from "../../demo/approver.ts";
import { oldClient } from "../../demo/clients.ts";
import { executionsOf } from "../../demo/executions.ts";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";

describe("an approval that the first group leaves alone", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(() => undefined, { expiresAfter: "40s", remindAfter: "2s", escalateAfter: "4s" });
  }, 120_000);
  afterAll(() => stage?.stack.stop());

  test("is mailed to the group once more, then to the second group, and can then be decided as before", async () => {
    const { stack } = stage;
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    const since = Date.now();
    const waiting = client.callTool("create_role", { name: "role-late" });
    const id = await mailedApproval(stage, since);
    const [first] = stack.inbox.messages;
    const second = await stack.inbox.waitFor((mail) => mail.topicArn !== first?.topicArn);
    expect(second.topicArn).toContain("security");
    expect(second.links).toEqual(first?.links);
    const mails = stack.inbox.messages;
    expect(mails.map(({ subject }) => subject)).toEqual([
      "Approval needed: ops create_role",
      "Reminder: approval needed: ops create_role",
      "Approval needed: ops create_role",
    ]);
    const [asked = 0, reminded = 0, escalated = 0] = mails.map(({ at }) => Date.parse(at));
    expect(reminded - asked).toBeGreaterThan(1500);
    expect(escalated - reminded).toBeGreaterThan(1500);
    expect([mails[1]?.topicArn, mails[1]?.text]).toEqual([first?.topicArn, first?.text]);

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
