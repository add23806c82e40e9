import assert from "node:assert/strict";
import { decide, mailedApproval } from "../approver.ts";
import { type McpClient, modernClient, oldClient, textOf } from "../clients.ts";
import { executionsOf } from "../executions.ts";
import type { DemoStep, Stage } from "../stage.ts";

export const approved: DemoStep = {
  title: "Creating a role waits for a human; once approved, the same waiting call runs exactly once",
  async play(stage) {
    const bearer = await stage.token("developer");
    const url = `${stage.stack.publicUrl}/mcp/ops`;
    await play(stage, await oldClient(url, bearer), "role-a");
    await play(stage, await modernClient(url, bearer, "2026-07-28"), "role-b");
  },
};

async function play(stage: Stage, client: McpClient, role: string): Promise<void> {
  const { say, memory } = stage;
  const asked = Date.now();
  const waiting = client.callTool("create_role", { name: role });
  const id = await mailedApproval(stage, asked);
  assert.equal(executionsOf(stage, "create_role", role), 0, "nothing runs before the approval");
  const answer = await decide(stage, id, await stage.token("approver-one", "console"), "approve", `needed for ${role}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.status, "APPROVED");
  const result = await waiting;
  await client.close();
  assert.notEqual(result.isError, true, textOf(result));
  assert.match(textOf(result), new RegExp(role));
  assert.equal(executionsOf(stage, "create_role", role), 1, "exactly once");
  memory.set(`approval:${role}`, id);
  say(`${client.name}: approval ${id}, waited ${Date.now() - asked} ms, "${textOf(result)}"`);
}
