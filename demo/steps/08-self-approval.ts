import assert from "node:assert/strict";
import { api, decide, mailedApproval } from "../approver.ts";
import { oldClient } from "../clients.ts";
import { denialOver } from "../denial-over.ts";
import { executionsOf } from "../executions.ts";
import type { DemoStep } from "../stage.ts";

export const selfApproval: DemoStep = {
  title: "Nobody approves a call of their own, no workload approves, and no MCP token decides",
  async play(stage) {
    const { stack, say } = stage;
    const client = await oldClient(`${stack.publicUrl}/mcp/ops`, await stage.token("developer"));
    const asked = Date.now();
    const waiting = client.callTool("create_role", { name: "role-f" });
    const id = await mailedApproval(stage, asked);

    const attempts = {
      "developer, its own call": await stage.token("developer", "console"),
      "ci-build": await stage.token("ci-build"),
      "an agent with approver-one's MCP token": await stage.token("approver-one", "mcp"),
    };
    for (const [who, token] of Object.entries(attempts)) {
      const answer = await decide(stage, id, token, "approve", "let me");
      assert.equal(answer.status, 403, `${who}: ${JSON.stringify(answer.body)}`);
      say(`${who}: HTTP 403, ${answer.body.message}`);
    }
    const shown = await api(stage, `/approvals/${id}`, await stage.token("approver-one", "console"));
    assert.equal(shown.body.status, "PENDING", "none of it had an effect");
    await decide(stage, id, await stage.token("approver-one", "console"), "deny", "end of the test");
    assert.equal((await waiting).isError, true);
    await client.close();
    await denialOver();
    assert.equal(executionsOf(stage, "create_role", "role-f"), 0);
  },
};
